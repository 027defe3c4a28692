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
 * says of a request that it was interrupted, has to be repeated or was cancelled.
 */
final class TroubledCalls extends ForwardingCalls {
  /** What a short transfer still is a multiple of, with O_DIRECT as well. */
  private static final int SECTOR = 512;

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
      int sectors = sqes.getInt(at) / SECTOR;
      if (sectors > 1 && random.nextBoolean()) {
        troubles++;
        sqes.putInt(at, (1 + random.nextInt(sectors)) * SECTOR);
      }
    }
  }

  private synchronized void disturb(SharedRing shared) {
    int tail = shared.get(Uapi.Params.CQ_TAIL);
    for (int i = shared.get(Uapi.Params.CQ_HEAD); i != tail; i++) {
      if (random.nextInt(8) == 0) {
        troubles++;
        int error = -TRANSIENT[random.nextInt(TRANSIENT.length)];
        shared.rings().putInt(shared.cqe(i) + Uapi.Cqe.RES, error);
      }
    }
  }
}
