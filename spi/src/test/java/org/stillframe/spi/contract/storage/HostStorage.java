/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract.storage;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Storage that is there while the tests of one class run. It is removed after them, or when the JVM
 * ends before.
 */
abstract class HostStorage implements BeforeAllCallback, AfterAllCallback {
  private final Deque<Step> undo = new ArrayDeque<>();
  private final Thread atExit = new Thread(this::removeQuietly, "removes " + getClass().getName());

  @Override
  public final void beforeAll(ExtensionContext context) throws IOException {
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
        throw new IOException("this user is not root");
      }
      make();
    } catch (IOException e) {
      afterAll(context);
      String missing = this + " cannot be made: " + e.getMessage();
      if (System.getenv("CI") != null) {
        fail(missing, e);
      }
      abort(missing);
    }
  }

  @Override
  public final void afterAll(ExtensionContext context) throws IOException {
    try {
      remove();
    } finally {
      Runtime.getRuntime().removeShutdownHook(atExit);
    }
  }

  /**
   * Makes the storage; what is made is entered with {@link #undo} at once.
   *
   * @throws IOException if this host cannot have it; the message says what is missing
   */
  abstract void make() throws IOException;

  /** Has something undone in the end, before what was made earlier. */
  final synchronized void undo(Step step) {
    undo.push(step);
  }

  private synchronized void remove() throws IOException {
    IOException failure = null;
    while (!undo.isEmpty()) {
      try {
        undo.pop().run();
      } catch (IOException e) {
        if (failure == null) {
          failure = new IOException(this + " was not removed in good order", e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void removeQuietly() {
    try {
      remove();
    } catch (IOException e) {
      System.err.println(e + ": " + e.getCause());
    }
  }

  /** Undoes one thing. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }
}
