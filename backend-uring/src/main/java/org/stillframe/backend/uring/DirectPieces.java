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
  /**
   * What a queue may spend on memory for requests that are not aligned, in bytes. Each that is in
   * flight has one granule in any case, as less cannot be written: with the deepest queue, 4096,
   * and the largest granule, 64 KiB, that makes 256 MiB.
   */
  private static final int BOUNCE_BUDGET = 64 << 20;

  private static final int LARGEST_BOUNCE = 1 << 20;

  private final SystemCalls calls;
  private final OpenedFiles files;
  private final DirectAlignment alignment;
  private final int bounceLength;

  DirectPieces(SystemCalls calls, OpenedFiles files, DirectAlignment alignment, int depth) {
    this.calls = calls;
    this.files = files;
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
      edge(request, Math.min(cut - skip, request.remaining()));
    } else if (whole == 0) {
      edge(request, request.remaining());
    } else {
      provideBounce(request);
      int count = Math.min(whole, bounceLength);
      calls.copy(request.bounceAddress, request.address + request.done, count);
      request.pieceThroughBounce(OpenedFiles.MAIN, position, count);
    }
  }

  /**
   * The next bytes through the page cache. What is written there goes into blocks that the file
   * system has given already. Without that, xfs may put off giving some, and more of them than are
   * written; a direct read that meets such blocks fails with EIO.
   */
  private void edge(Request request, int count) {
    request.pieceInPlace(OpenedFiles.CACHED, count);
    if (request.write) {
      // Devices and file systems that do not have it do not put it off either; and what else may
      // be wrong, such as a lack of space, the write itself says.
      calls.reserve(files.descriptor(OpenedFiles.CACHED), request.pieceOffset, count);
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
