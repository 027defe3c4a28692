/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend;

/**
 * Runs code of a backend with a class loader of its own as the context class loader of the thread:
 * that is where libraries look which load others by name, and the thread's own would not see what
 * lies in a plugin.
 */
final class ContextLoader {
  private ContextLoader() {}

  /** What is run. */
  @FunctionalInterface
  interface Call<T, E extends Exception> {
    T run() throws E;
  }

  static <T, E extends Exception> T with(ClassLoader loader, Call<T, E> call) throws E {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return call.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
