/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;

/** Bytes that never reach the file. */
class InMemoryTest {
  private static final byte[] TEN = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

  @Test
  void anImageIsFoundAgainAfterItWasRenamed() throws IOException {
    try (Lab lab = new Lab(TmpfsTestBackend.inMemory())) {
      StateFile file = lab.open(OpenMode.WRITE);
      lab.write(file, TEN, 100_000);
      file.sync();
      file.close();
      Path published = lab.path.resolveSibling("published");
      Files.move(lab.path, published);
      StateFile back = lab.bench.opened(published, OpenMode.READ);
      assertEquals(100_010, back.size());
      ByteBuffer buffer = ByteBuffer.allocateDirect(10);
      assertNull(lab.read(back, buffer, 100_000));
      assertEquals(Lab.direct(TEN), buffer);
      assertEquals(0, Files.size(published));
      assertEquals(100_010, lab.storage.content(published).length);
    }
  }

  @Test
  void aNewFileNeverHasTheBytesOfADeletedOne() throws IOException {
    try (Lab lab = new Lab(TmpfsTestBackend.inMemory())) {
      for (int i = 0; i < 20; i++) {
        StateFile file = lab.open(OpenMode.WRITE);
        assertEquals(0, file.size());
        lab.write(file, TEN, 0);
        file.close();
        Files.delete(lab.path);
        Files.createFile(lab.path);
      }
    }
  }

  @Test
  void whatTheFileHeldIsCopied() throws IOException {
    byte[] content = new byte[200_000];
    content[150_000] = 5;
    try (Lab lab = new Lab(TmpfsTestBackend.inMemory(), content)) {
      StateFile file = lab.open(OpenMode.WRITE);
      assertEquals(content.length, file.size());
      lab.write(file, TEN, 199_995);
      assertArrayEquals(content, lab.stored());
      byte[] seen = lab.storage.content(lab.path);
      assertEquals(200_005, seen.length);
      assertEquals(5, seen[150_000]);
    }
  }

  @Test
  void closingTheBackendForgetsAll() throws IOException {
    try (Lab lab = new Lab(TmpfsTestBackend.inMemory())) {
      StateFile file = lab.open(OpenMode.WRITE);
      lab.write(file, TEN, 0);
      file.close();
      lab.storage.close();
      assertEquals(0, lab.storage.content(lab.path).length);
    }
  }
}
