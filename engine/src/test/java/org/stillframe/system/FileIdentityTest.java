/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileIdentityTest {
  @TempDir Path directory;

  @Test
  void numbersAreWrittenAsTheKernelWritesThem() {
    assertEquals("fe:01", FileIdentity.of(0xfeL << 32 | 1, 7).device());
    assertEquals("00:1b", FileIdentity.of(0x1b, 7).device());
    assertEquals("103:fffff", FileIdentity.of(0x103L << 32 | 0xfffff, 7).device());
  }

  @Test
  void whatIsMappedIsWhatIsOpen() throws Exception {
    SystemCalls system = new SystemCalls();
    FileCalls files = new FileCalls(system);
    Path one = Files.writeString(directory.resolve("a name with spaces"), "1");
    Path two = Files.writeString(directory.resolve("two"), "2");
    try (Descriptor first = system.open(one, OpenFlags.READ_ONLY, 0);
        Descriptor second = system.open(two, OpenFlags.READ_ONLY, 0)) {
      FileIdentity identity = files.identity(first.number());
      Files.delete(one);
      assertEquals(identity, files.identityWhenMapped(first.number()));
      assertNotEquals(identity, files.identityWhenMapped(second.number()));
    }
  }
}
