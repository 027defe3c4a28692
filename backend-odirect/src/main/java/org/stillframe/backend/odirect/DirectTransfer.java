/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import java.io.IOException;
import java.nio.ByteBuffer;
import jnr.constants.platform.Errno;
import org.stillframe.spi.support.Transfer;

/**
 * Direct reads and writes of any position, length and memory. Writes are direct in whole granules;
 * the edges go through the page cache, so that two writers of one granule keep each other's bytes.
 * Reads are direct in whole sectors, of which only what was asked for is handed on.
 */
final class DirectTransfer implements Transfer {
  private static final int BOUNCE = 1 << 20;

  private final DirectAccess access;
  private final Geometry geometry;
  private final End end;
  private ByteBuffer bounce;

  /** Tells where the file ends. */
  @FunctionalInterface
  interface End {
    /** The present size in bytes. */
    long position() throws IOException;
  }

  DirectTransfer(DirectAccess access, Geometry geometry, End end) {
    this.access = access;
    this.geometry = geometry;
    this.end = end;
  }

  @Override
  public void write(ByteBuffer buffer, long offset) throws IOException {
    int start = buffer.position();
    while (buffer.hasRemaining()) {
      // A short direct write may end within a granule: what it lacks is an edge then.
      long at = offset + (buffer.position() - start);
      int before = (int) (at & (geometry.granule() - 1));
      int whole = buffer.remaining() & -geometry.granule();
      long count;
      if (before > 0 || whole == 0) {
        count = writeEdge(buffer, Math.min(geometry.granule() - before, buffer.remaining()), at);
      } else if (isAligned(buffer)) {
        count = writeDirect(buffer, whole, at);
      } else {
        int length = Math.min(whole, bounce().capacity());
        bounce().put(0, buffer, buffer.position(), length);
        count = writeDirect(bounce(), length, at);
      }
      if (count == 0) {
        throw new IOException("pwrite: no bytes were taken at " + at);
      }
      buffer.position(buffer.position() + (int) count);
    }
  }

  private long writeEdge(ByteBuffer buffer, long length, long at) throws IOException {
    long count;
    do {
      count = access.writeEdge(buffer, length, at);
    } while (isTransient(count));
    if (count < 0) {
      throw OdirectNative.failure("pwrite", (int) -count);
    }
    return count;
  }

  private long writeDirect(ByteBuffer buffer, long length, long at) throws IOException {
    long count;
    do {
      count = access.write(buffer, length, at);
    } while (isTransient(count));
    return requireGood("pwrite", count, length, at);
  }

  @Override
  public void read(ByteBuffer buffer, long offset) throws IOException {
    int start = buffer.position();
    boolean stuck = false;
    while (buffer.hasRemaining()) {
      long at = offset + (buffer.position() - start);
      int before = (int) (at & (geometry.sector() - 1));
      int whole = buffer.remaining() & -geometry.sector();
      boolean straight = before == 0 && whole > 0 && isAligned(buffer);
      long length = straight ? whole : detour(before + (long) buffer.remaining());
      long count = readDirect(straight ? buffer : bounce(), length, at - before);
      int gained = (int) Math.max(0, Math.min(count - before, buffer.remaining()));
      if (!straight) {
        buffer.put(buffer.position(), bounce(), before, gained);
      }
      buffer.position(buffer.position() + gained);
      if (count < length && buffer.hasRemaining()) {
        if (at + gained >= end.position()) {
          return;
        }
        // What lies ahead may have come meanwhile; if it has not, it cannot be read.
        if (gained == 0 && stuck) {
          throw new IOException("pread: no bytes came at " + at + ", before the end of the file");
        }
        stuck = gained == 0;
      }
    }
  }

  private long readDirect(ByteBuffer buffer, long length, long at) throws IOException {
    long count;
    do {
      count = access.read(buffer, length, at);
    } while (isTransient(count));
    return requireGood("pread", count, length, at);
  }

  private long detour(long length) {
    long sectors = (length + geometry.sector() - 1) & -geometry.sector();
    return Math.min(sectors, bounce().capacity());
  }

  private boolean isAligned(ByteBuffer buffer) {
    return buffer.alignmentOffset(buffer.position(), geometry.memory()) == 0;
  }

  /** Its position stays 0. Only who is not aligned needs it. */
  private ByteBuffer bounce() {
    if (bounce == null) {
      int unit = Math.max(geometry.memory(), geometry.granule());
      int capacity = Math.max(BOUNCE, unit);
      bounce = ByteBuffer.allocateDirect(capacity + unit - 1).alignedSlice(unit);
    }
    return bounce;
  }

  private static boolean isTransient(long count) {
    return count < 0 && OdirectNative.isTransient((int) -count);
  }

  private long requireGood(String call, long count, long length, long at) throws IOException {
    if (count >= 0) {
      return count;
    }
    int errno = (int) -count;
    if (errno != Errno.EINVAL.intValue()) {
      throw OdirectNative.failure(call, errno);
    }
    throw OdirectNative.failure(
        call,
        errno,
        String.format(
            ", of %d bytes at %d with O_DIRECT, aligned to %d in memory and %d in the file",
            length, at, geometry.memory(), geometry.sector()));
  }
}
