/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.stillframe.backend.posix.PosixBackend;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.Capability;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.system.SystemCalls;

/** The backend posix, with faults where a test wants them. */
final class FaultyBackend implements MigrationBackend {
  static final int EIO = 5;
  static final int ENOSPC = 28;

  private final MigrationBackend posix = new PosixBackend();

  /** Writes at and behind this offset find no space. */
  long full = Long.MAX_VALUE;

  boolean syncFails;
  boolean closeFails;

  /** Done when the file is to be synced. */
  Runnable whenSynced = () -> {};

  /** Done when something is to be written at an offset. */
  LongConsumer whenWritten = offset -> {};

  /** Done when a part of the file is to be read. */
  Runnable whenRead = () -> {};

  /** What is not granted, whatever the target. */
  Set<Capability> refused = Set.of();

  /** Where writes and reads went. */
  final List<Long> written = Collections.synchronizedList(new ArrayList<>());

  final List<Long> read = Collections.synchronizedList(new ArrayList<>());

  @Override
  public String name() {
    return "faulty";
  }

  @Override
  public int spiVersion() {
    return SPI_VERSION;
  }

  @Override
  public Appraisal appraise(Target target, Set<Capability> wanted) {
    Set<Capability> denied = new TreeSet<>(wanted);
    denied.retainAll(refused);
    return denied.isEmpty()
        ? posix.appraise(target, wanted)
        : Appraisal.refused(denied + " is not granted");
  }

  @Override
  public StateFile open(Target target, OpenMode mode, Set<Capability> wanted) throws IOException {
    StateFile file = posix.open(target, mode, wanted);
    return new StateFile() {
      @Override
      public long size() throws IOException {
        return file.size();
      }

      @Override
      public int memoryAlignment() {
        return file.memoryAlignment();
      }

      @Override
      public int offsetAlignment() {
        return file.offsetAlignment();
      }

      @Override
      public IoQueue openQueue(int depth, List<ByteBuffer> buffers) throws IOException {
        return new FaultyQueue(file.openQueue(depth, buffers));
      }

      @Override
      public void truncate(long size) throws IOException {
        file.truncate(size);
      }

      @Override
      public void sync() throws IOException {
        whenSynced.run();
        if (syncFails) {
          throw SystemCalls.failure("fsync", EIO);
        }
        file.sync();
      }

      @Override
      public void close() throws IOException {
        file.close();
        if (closeFails) {
          throw SystemCalls.failure("close", EIO);
        }
      }
    };
  }

  private final class FaultyQueue implements IoQueue {
    private final IoQueue queue;

    FaultyQueue(IoQueue queue) {
      this.queue = queue;
    }

    @Override
    public int depth() {
      return queue.depth();
    }

    @Override
    public int inFlight() {
      return queue.inFlight();
    }

    @Override
    public void read(ByteBuffer buffer, long offset, long tag) throws IOException {
      whenRead.run();
      read.add(offset);
      queue.read(buffer, offset, tag);
    }

    @Override
    public void write(ByteBuffer buffer, long offset, long tag) throws IOException {
      if (offset >= full) {
        throw SystemCalls.failure("pwrite", ENOSPC);
      }
      whenWritten.accept(offset);
      written.add(offset);
      queue.write(buffer, offset, tag);
    }

    @Override
    public int reap(int atLeast, Completion completion) throws IOException {
      return queue.reap(atLeast, completion);
    }

    @Override
    public void close() throws IOException {
      queue.close();
    }
  }
}
