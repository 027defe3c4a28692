/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestWatcher;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.contract.MigrationBackendContract;

/** The contract, which holds although the kernel does everything by halves. */
class TroubledBufferedTest extends MigrationBackendContract implements UringUnderTest {
  private static final String SEED = "stillframe.uring.seed";

  private final long seed = Long.getLong(SEED, System.nanoTime());
  private final TroubledCalls calls = new TroubledCalls(seed);

  @Override
  public MigrationBackend newBackend() {
    return new UringBackend(new Kernel(() -> calls, KernelFacts::read));
  }

  @Override
  public Path directory() {
    return Path.of("/var/tmp");
  }

  @RegisterExtension
  final TestWatcher watcher =
      new TestWatcher() {
        @Override
        public void testFailed(ExtensionContext test, Throwable cause) {
          System.err.println(test.getDisplayName() + ": repeat with -D" + SEED + "=" + seed);
        }
      };

  @AfterEach
  void thereWasTrouble(TestInfo test) {
    if (test.getDisplayName().startsWith("behavesAsTheModelOfAFile")) {
      assertTrue(calls.troubles() > 500, calls.troubles() + " troubles");
    }
  }
}
