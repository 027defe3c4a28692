/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.util.concurrent.CountDownLatch;
import org.stillframe.manager.MigrationManager;

/**
 * Ctrl-C: cancels what the manager is doing and waits until that is cleaned up. The JVM then ends
 * with status 130 by itself (143 for SIGTERM).
 */
final class Interruption {
  private final CountDownLatch finished = new CountDownLatch(1);

  /** From now on a signal cancels this manager's work. */
  void guard(MigrationManager manager) {
    Thread hook =
        new Thread(
            () -> {
              manager.close();
              try {
                finished.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "stillframe-interruption");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** The command has ended and said its last word. */
  void finished() {
    finished.countDown();
  }
}
