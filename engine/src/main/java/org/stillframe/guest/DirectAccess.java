/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.nio.ByteBuffer;
import java.util.Set;
import org.stillframe.channel.BufferPool;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.system.Descriptor;
import org.stillframe.system.FileCalls;

/**
 * Whether QEMU's reads and writes will get past the page cache. It has to be certain before QEMU
 * hears of it: where QEMU cannot open a channel, it may crash, and the guest with it.
 */
final class DirectAccess {
  /** QEMU moves whole pages between page-aligned addresses and offsets. */
  private static final int ALIGNMENT = 4096;

  /** These hold files in the page cache and nowhere else, even where they take O_DIRECT. */
  private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs", "hugetlbfs");

  private DirectAccess() {}

  /** Refuses what the facts of a target rule out. */
  static void require(Target target) throws RequestException {
    if (target.kind() == TargetKind.REGULAR && IN_MEMORY.contains(target.fileSystem())) {
      throw refusal(target, target.fileSystem() + " keeps files in the page cache alone", null);
    }
    int offset = target.directOffsetAlignment();
    if (offset == 0) {
      throw refusal(target, "the kernel says that direct I/O is impossible there", null);
    }
    int most = Math.max(offset, target.directMemoryAlignment());
    if (most > ALIGNMENT) {
      throw refusal(
          target,
          "direct I/O needs an alignment to " + most + " bytes, and QEMU's is " + ALIGNMENT,
          null);
    }
  }

  /**
   * Opens a target with O_DIRECT, and tries it. What a trial writes, QEMU cuts off when it begins.
   */
  static Descriptor open(FileCalls files, Target target, int flags, Trial trial)
      throws RequestException, SystemCallException {
    require(target);
    Descriptor opened;
    try {
      opened = files.reopen(target.descriptor(), flags);
    } catch (SystemCallException e) {
      throw refusal(target, e.getMessage(), e);
    }
    try {
      BufferPool pool = new BufferPool(1, ALIGNMENT, ALIGNMENT);
      trial.with(opened.number(), pool.get(0));
      return opened;
    } catch (SystemCallException e) {
      opened.close();
      throw refusal(target, "a trial failed: " + e.getMessage(), e);
    }
  }

  /** One read or write of an aligned page. */
  @FunctionalInterface
  interface Trial {
    void with(int fd, ByteBuffer page) throws SystemCallException;
  }

  private static RequestException refusal(Target target, String why, Exception cause) {
    return new RequestException(
        ErrorCode.UNSUPPORTED,
        target.name() + " with bypass-cache by the route native",
        why,
        "leave bypass-cache out, or choose a target on a disk",
        cause);
  }
}
