/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package com.example.nio;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.stillframe.spi.OpenMode;

/**
 * What a descriptor stands for, opened once more as a channel. A channel is closed when a thread
 * that uses it is interrupted; the next use opens it again. Thread-safe.
 */
final class DescriptorChannel implements Closeable {
  private final Path path;
  private final Set<OpenOption> options;
  private FileChannel channel;
  private boolean closed;

  DescriptorChannel(int descriptor, OpenMode mode) throws IOException {
    path = Path.of("/proc/self/fd/" + descriptor);
    options = options(descriptor, mode);
    channel = FileChannel.open(path, options);
  }

  /**
   * Opening a file anew asks the file for permission, and not the descriptor, which may allow less:
   * what the caller has kept from it stays so.
   */
  private static Set<OpenOption> options(int descriptor, OpenMode mode) throws IOException {
    int access = access(descriptor);
    if (mode == OpenMode.READ && access != 1) {
      return Set.of(StandardOpenOption.READ);
    }
    if (mode == OpenMode.WRITE && access != 0) {
      return access == 1
          ? Set.of(StandardOpenOption.WRITE)
          : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
    throw new IOException(
        "descriptor " + descriptor + " is not open for " + (access == 0 ? "writing" : "reading"));
  }

  /** O_RDONLY 0, O_WRONLY 1 or O_RDWR 2, as proc(5) shows it. */
  private static int access(int descriptor) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor))) {
      if (line.startsWith("flags:")) {
        return (int) Long.parseLong(line.substring("flags:".length()).strip(), 8) & 3;
      }
    }
    throw new IOException("/proc/self/fdinfo/" + descriptor + " shows no flags");
  }

  /** The channel, open. Fails if this thread is interrupted: it would close the channel. */
  synchronized FileChannel open() throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted");
    }
    if (!channel.isOpen() && !closed) {
      channel = FileChannel.open(path, options);
    }
    return channel;
  }

  /** What is done with the channel. */
  @FunctionalInterface
  interface Use<T> {
    T with(FileChannel channel) throws IOException;
  }

  /**
   * Uses the channel.
   *
   * @param call the system call that it comes to, for messages
   */
  <T> T call(String call, Use<T> use) throws IOException {
    while (true) {
      FileChannel open = open();
      try {
        return use.with(open);
      } catch (ClosedByInterruptException e) {
        throw interrupted(e);
      } catch (AsynchronousCloseException e) {
        if (isClosed()) {
          throw e;
        }
        // Another thread was interrupted, and this one has lost the channel with it.
      } catch (IOException e) {
        throw SystemErrors.of(call, e);
      }
    }
  }

  static InterruptedIOException interrupted(ClosedByInterruptException e) {
    InterruptedIOException interrupted = new InterruptedIOException("interrupted");
    interrupted.initCause(e);
    return interrupted;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    channel.close();
  }
}
