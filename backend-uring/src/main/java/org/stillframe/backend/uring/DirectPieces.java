/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.nio.ByteBuffer;

/**
 * With O_DIRECT, pieces begin and end at multiples of a sector and in aligned memory. An aligned
 * request is one piece; of the others:
 *
 * <ul>
 *   <li>What a write has before its first and after its last whole granule goes through the page
 *       cache: to read the granule, change it and write it back would undo what another request
 *       writes to the rest of it meanwhile.
 *   <li>A read reads whole sectors, and the bytes meant are copied. It starts in the sector of the
 *       first of them, so that a transfer of some sectors brings at least one, except at the end of
 *       the file. Where the kernel does not tell what a sector is, nobody can be sure of that, and
 *       the bytes up to the next one come through the page cache.
 *   <li>Memory that is not aligned is exchanged for some that is.
 * </ul>
 */
final class DirectPieces implements Pieces {
  /** What a queue may spend on memory for requests that are not aligned, in bytes. */
  private static final int BOUNCE_BUDGET = 64 << 20;

  private static final int LARGEST_BOUNCE = 1 << 20;

  private final SystemCalls calls;
  private final DirectAlignment alignment;
  private final int bounceLength;

  DirectPieces(SystemCalls calls, DirectAlignment alignment, int depth) {
    this.calls = calls;
    this.alignment = alignment;
    int share = Math.min(LARGEST_BOUNCE, BOUNCE_BUDGET / depth) & -alignment.granule();
    bounceLength = Math.max(share, alignment.granule());
  }

  @Override
  public void next(Request request) {
    long position = request.offset + request.done;
    int cut = alignment.cut(request.write);
    int skip = (int) (position & (cut - 1));
    int whole = request.remaining() & -cut;
    boolean inPlace = alignment.isMemory(request.address + request.done);
    if (skip == 0 && whole > 0 && inPlace) {
      request.pieceInPlace(OpenedFiles.MAIN, whole);
    } else if (!request.write && (skip == 0 || alignment.told())) {
      provideBounce(request);
      long wanted = ((long) skip + request.remaining() + cut - 1) & -(long) cut;
      request.pieceThroughBounce(
          OpenedFiles.MAIN, position - skip, (int) Math.min(wanted, bounceLength));
    } else if (skip != 0) {
      request.pieceInPlace(OpenedFiles.CACHED, Math.min(cut - skip, request.remaining()));
    } else if (whole == 0) {
      request.pieceInPlace(OpenedFiles.CACHED, request.remaining());
    } else {
      provideBounce(request);
      int count = Math.min(whole, bounceLength);
      calls.copy(request.bounceAddress, request.address + request.done, count);
      request.pieceThroughBounce(OpenedFiles.MAIN, position, count);
    }
  }

  private void provideBounce(Request request) {
    if (request.bounce == null) {
      int step = alignment.memory();
      ByteBuffer bounce = ByteBuffer.allocateDirect(bounceLength + step);
      long address = calls.addressOf(bounce);
      request.bounce = bounce;
      request.bounceAddress = (address + step - 1) & -(long) step;
    }
  }

  @Override
  public int moved(Request request, int count) {
    if (!request.bounced || request.write) {
      return count;
    }
    int skip = (int) (request.offset + request.done - request.pieceOffset);
    int useful = Math.min(count - skip, request.remaining());
    if (useful <= 0) {
      return 0;
    }
    calls.copy(request.address + request.done, request.bounceAddress + skip, useful);
    return useful;
  }
}
