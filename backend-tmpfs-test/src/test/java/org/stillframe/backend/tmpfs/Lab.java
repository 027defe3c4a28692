/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.contract.Bench;

/** A backend with faults, and one file on a tmpfs that holds what a test gives it. */
final class Lab implements Closeable {
  final TmpfsTestBackend storage;
  final Bench bench;
  final Path path;

  /** The outcome of the last request. */
  int transferred;

  Lab(FaultPlan... plans) throws IOException {
    this(new TmpfsTestBackend(plans));
  }

  Lab(TmpfsTestBackend storage, byte... content) throws IOException {
    this.storage = storage;
    bench =
        new Bench(
            new TmpfsTestContractTest() {
              @Override
              public MigrationBackend newBackend() {
                return storage;
              }
            });
    path = bench.file(content);
  }

  StateFile open(OpenMode mode) throws IOException {
    return bench.opened(path, mode);
  }

  IOException write(IoQueue queue, byte[] bytes, long offset) throws IOException {
    queue.write(direct(bytes), offset, 1);
    return outcome(queue);
  }

  IOException write(StateFile file, byte[] bytes, long offset) throws IOException {
    try (IoQueue queue = file.openQueue(1, List.of())) {
      return write(queue, bytes, offset);
    }
  }

  IOException read(StateFile file, ByteBuffer buffer, long offset) throws IOException {
    try (IoQueue queue = file.openQueue(1, List.of())) {
      queue.read(buffer, offset, 1);
      return outcome(queue);
    }
  }

  private IOException outcome(IoQueue queue) throws IOException {
    IOException[] outcome = new IOException[1];
    queue.reap(
        1,
        (tag, moved, failure) -> {
          transferred = moved;
          outcome[0] = failure;
        });
    return outcome[0];
  }

  byte[] stored() throws IOException {
    return Files.readAllBytes(path);
  }

  static ByteBuffer direct(byte... bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  @Override
  public void close() throws IOException {
    storage.letGo();
    bench.close();
    storage.close();
  }
}
