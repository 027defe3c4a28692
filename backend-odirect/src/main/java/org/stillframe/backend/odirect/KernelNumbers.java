/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

/**
 * Numbers of Linux that differ between processor families, and that jnr-constants lacks: by the
 * kernel's uapi headers asm/fcntl.h and asm/ioctl.h of these families, and by those of asm-generic
 * for all others.
 *
 * @param direct O_DIRECT of open(2)
 * @param deviceSize BLKGETSIZE64 of ioctl(2): the size of a block device in bytes
 */
record KernelNumbers(int direct, long deviceSize) {
  /** Those of the processor that we run on. */
  static final KernelNumbers OWN = of(System.getProperty("os.arch"));

  static KernelNumbers of(String processor) {
    if (processor.matches("aarch64|arm.*")) {
      return new KernelNumbers(0200000, 0x8008_1272L);
    }
    if (processor.startsWith("ppc")) {
      return new KernelNumbers(0400000, 0x4008_1272L);
    }
    if (processor.startsWith("mips")) {
      return new KernelNumbers(0100000, 0x4008_1272L);
    }
    if (processor.startsWith("sparc")) {
      return new KernelNumbers(0x100000, 0x4008_1272L);
    }
    return new KernelNumbers(040000, 0x8008_1272L);
  }
}
