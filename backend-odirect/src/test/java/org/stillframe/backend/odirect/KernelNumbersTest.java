/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelNumbersTest {
  /** O_DIRECT in octal, as the kernel's headers write it. */
  @ParameterizedTest
  @CsvSource({
    "amd64, 40000, 80081272",
    "i386, 40000, 80081272",
    "riscv64, 40000, 80081272",
    "s390x, 40000, 80081272",
    "loongarch64, 40000, 80081272",
    "aarch64, 200000, 80081272",
    "arm, 200000, 80081272",
    "ppc64le, 400000, 40081272",
    "mips64el, 100000, 40081272",
    "sparcv9, 4000000, 40081272",
  })
  void dependOnTheProcessor(String processor, String direct, String deviceSize) {
    KernelNumbers numbers = KernelNumbers.of(processor);
    assertEquals(Integer.parseInt(direct, 8), numbers.direct());
    assertEquals(Long.parseLong(deviceSize, 16), numbers.deviceSize());
  }
}
