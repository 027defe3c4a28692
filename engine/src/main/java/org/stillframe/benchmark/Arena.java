/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.benchmark;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.stillframe.channel.BufferPool;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.system.HugePages;
import org.stillframe.system.SystemCalls;

/**
 * The memory of all queues, allocated once and filled with random bytes: no storage can make them
 * less, and no page is touched for the first time while the clock runs.
 */
final class Arena {
  private final List<ByteBuffer> areas;

  private Arena(List<ByteBuffer> areas) {
    this.areas = areas;
  }

  /**
   * Memory that is enough for each of these settings.
   *
   * @throws RequestException UNSUPPORTED if the JVM has not got so much
   */
  static Arena forAll(List<Setting> settings) throws RequestException {
    List<Long> sizes = new ArrayList<>();
    for (Setting setting : settings) {
      for (int queue = 0; queue < setting.queues(); queue++) {
        long size = (long) setting.depth() * setting.blockSize();
        if (queue == sizes.size()) {
          sizes.add(size);
        }
        sizes.set(queue, Math.max(sizes.get(queue), size));
      }
    }
    List<ByteBuffer> areas = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(sizes.size());
    try {
      for (long size : sizes) {
        areas.add(filled(Math.toIntExact(size), random));
      }
    } catch (OutOfMemoryError | ArithmeticException e) {
      long all = sizes.stream().mapToLong(Long::longValue).sum();
      throw new RequestException(
          ErrorCode.UNSUPPORTED,
          "benchmark",
          "the largest setting needs buffers of " + (all >> 20) + " MiB: " + e.getMessage(),
          "ask for smaller blocks, less depth or fewer queues, or allow the JVM more by"
              + " -XX:MaxDirectMemorySize (the command takes it from STILLFRAME_OPTS)",
          e);
    }
    return new Arena(areas);
  }

  private static ByteBuffer filled(int size, SplittableRandom random) {
    ByteBuffer area = new HugePages(new SystemCalls()).allocate(size);
    area.order(ByteOrder.nativeOrder());
    while (area.remaining() >= Long.BYTES) {
      area.putLong(random.nextLong());
    }
    return area.clear();
  }

  /** The buffers of one queue, counted from 0. */
  BufferPool pool(Setting setting, int queue) {
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int i = 0; i < setting.depth(); i++) {
      buffers.add(areas.get(queue).slice(i * setting.blockSize(), setting.blockSize()));
    }
    return new BufferPool(buffers);
  }
}
