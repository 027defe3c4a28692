/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A kernel that does by chance what one may: it moves less than it was asked for, takes nothing, or
 * says of a request that it was interrupted, has to be repeated or was cancelled; and of what it
 * has moved, it owns up to less.
 */
final class TroubledCalls extends ForwardingCalls {
  /** What the count of a short transfer still is a multiple of, with O_DIRECT as well. */
  private static final int SECTOR = 512;

  /**
   * What a direct write is a multiple of where it really stops. No file system ends it within a
   * block of its own, and one that is made to cannot be told from the fault of a backend: ext4
   * clears the rest of the block at the end of the file through the page cache when another write
   * extends the file, and a direct write to the same block that is under way then makes the next
   * fsync(2) fail with EIO.
   */
  private static final int BLOCK = 4096;

  private static final int[] TRANSIENT = {EINTR, EAGAIN, ECANCELED};
  private static final int[] NOT_NOW = {EINTR, EAGAIN, EBUSY};

  private final Map<Integer, SharedRing> rings = new ConcurrentHashMap<>();
  private final SplittableRandom random;
  private int troubles;

  TroubledCalls(long seed) {
    random = new SplittableRandom(seed);
  }

  synchronized int troubles() {
    return troubles;
  }

  @Override
  public int setup(int entries, long params) {
    int fd = super.setup(entries, params);
    if (fd >= 0) {
      rings.put(fd, new SharedRing(view(params, Uapi.Params.BYTES)));
    }
    return fd;
  }

  @Override
  public long map(int ring, long length, long offset) {
    long address = super.map(ring, length, offset);
    rings.get(ring).mapped(offset, view(address, (int) length));
    return address;
  }

  @Override
  public int enter(int ring, int toSubmit, int minComplete, int flags) {
    SharedRing shared = rings.get(ring);
    synchronized (this) {
      if (random.nextInt(8) == 0) {
        troubles++;
        return -NOT_NOW[random.nextInt(NOT_NOW.length)];
      }
      shorten(shared, toSubmit);
    }
    int taken = super.enter(ring, toSubmit, minComplete, flags);
    disturb(shared);
    return taken;
  }

  private void shorten(SharedRing shared, int toSubmit) {
    int tail = shared.get(Uapi.Params.SQ_TAIL);
    for (int i = 1; i <= toSubmit; i++) {
      ByteBuffer sqes = shared.sqes();
      int at = shared.sqe(tail - i) + Uapi.Sqe.LEN;
      int length = sqes.getInt(at);
      // What is direct is whole blocks, and what is not whole blocks is not direct.
      int unit = length % BLOCK == 0 ? BLOCK : SECTOR;
      if (length > unit && random.nextBoolean()) {
        troubles++;
        sqes.putInt(at, part(length, unit));
      }
    }
  }

  private int part(int length, int unit) {
    return (1 + random.nextInt(length / unit)) * unit;
  }

  private synchronized void disturb(SharedRing shared) {
    int tail = shared.get(Uapi.Params.CQ_TAIL);
    for (int i = shared.get(Uapi.Params.CQ_HEAD); i != tail; i++) {
      int at = shared.cqe(i) + Uapi.Cqe.RES;
      int result = shared.rings().getInt(at);
      if (random.nextInt(8) == 0) {
        troubles++;
        shared.rings().putInt(at, -TRANSIENT[random.nextInt(TRANSIENT.length)]);
      } else if (result > SECTOR && random.nextInt(4) == 0) {
        troubles++;
        shared.rings().putInt(at, part(result, SECTOR));
      }
    }
  }
}
