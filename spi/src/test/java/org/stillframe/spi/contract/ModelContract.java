/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;

/** Many requests at once: by chance against a model, and by several threads. */
interface ModelContract extends BackendUnderTest {
  @Test
  default void behavesAsTheModelOfAFile() throws IOException {
    Path path = bench().file();
    Seed.run(seed -> ModelRun.ofFile(seed, path, mode -> bench().opened(path, mode)).run(600));
  }

  @Test
  default void threadsShareAFileAndNotAQueue() throws Exception {
    int threads = 4;
    int stripe = 10_007;
    byte[] content = Bytes.random(32, threads * 40 * stripe);
    Path path = bench().file();
    StateFile file = bench().opened(path, OpenMode.WRITE);
    new Stripes(file, content, 0, stripe).write(threads);
    assertEquals(content.length, file.size());
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  @Test
  default void queuesOfOneThreadDoNotMixTheirCompletions() throws IOException {
    StateFile file = bench().created();
    IoQueue first = bench().queue(file, 2);
    IoQueue second = bench().queue(file, 2);
    first.write(Bytes.filled(100, 1), 0, 11);
    second.write(Bytes.filled(100, 2), 100, 22);
    assertEquals(1, second.reap(1, (tag, transferred, failure) -> assertEquals(22, tag)));
    assertEquals(1, first.inFlight());
    assertEquals(1, first.reap(1, (tag, transferred, failure) -> assertEquals(11, tag)));
  }
}
