/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import com.google.inject.Guice;
import com.google.inject.Stage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.stillframe.guice.StillframeModule;
import org.stillframe.manager.MigrationManager;

/**
 * The manager, made on a thread of its own while the command line is read: each takes about as long
 * as the JVM's start. What goes wrong is told to who asks for the manager. Thread-safe.
 */
final class EarlyManager implements Supplier<MigrationManager> {
  private final FutureTask<MigrationManager> making = new FutureTask<>(EarlyManager::make);

  private static MigrationManager make() {
    return Guice.createInjector(Stage.DEVELOPMENT, new StillframeModule())
        .getInstance(MigrationManager.class);
  }

  /** Starts to make it; without this, {@link #get} does. */
  void start() {
    Thread maker = new Thread(making, "stillframe-manager");
    maker.setDaemon(true);
    maker.start();
  }

  @Override
  public MigrationManager get() {
    making.run();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return making.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw asItWas(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException asItWas(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return (RuntimeException) cause;
  }
}
