/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.benchmark.jmh;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.stillframe.backend.BackendRegistry;
import org.stillframe.backend.BackendSelector;
import org.stillframe.channel.BufferPool;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.system.SystemCalls;
import org.stillframe.target.OpenTarget;
import org.stillframe.target.SystemTargets;
import org.stillframe.target.TargetUri;

/**
 * What one queued request costs beside the storage: eight reads are submitted and reaped together.
 * Those past the end of the file move nothing, so that they cost what the backend and the system
 * call cost; those of cached pages add the copy of 4 KiB, where the backend uses the page cache.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class RequestCost {
  private static final int DEPTH = 8;
  private static final int SIZE = 4096;

  /** The backend by its name. */
  @Param({"posix", "odirect", "uring"})
  public String backend;

  private long failures;
  private final IoQueue.Completion completion =
      (tag, transferred, failure) -> failures += failure == null ? 0 : 1;
  private Path path;
  private OpenTarget target;
  private StateFile file;
  private BufferPool pool;
  private IoQueue queue;

  /** Opens a small file, whose pages are then in the cache. */
  @Setup(Level.Trial)
  public void open() throws IOException, StillframeException {
    path = Files.createTempFile(Path.of("/var/tmp"), "stillframe-jmh", "");
    Files.write(path, new byte[DEPTH * SIZE]);
    target = new SystemTargets(new SystemCalls()).open(TargetUri.file(path));
    BackendSelector selector =
        new BackendSelector(
            BackendRegistry.load(RequestCost.class.getClassLoader(), Optional.empty()),
            Optional.of(backend));
    file =
        selector
            .select(target.target(), Set.of(), Optional.empty())
            .backend()
            .open(target.target(), OpenMode.READ, Set.of());
    pool = new BufferPool(DEPTH, SIZE, SIZE);
    queue = file.openQueue(DEPTH, pool.all());
  }

  /** Closes it all; fails if a request has. */
  @TearDown(Level.Trial)
  public void close() throws IOException, StillframeException {
    queue.close();
    file.close();
    target.close();
    Files.delete(path);
    if (failures > 0) {
      throw new IOException(failures + " requests failed");
    }
  }

  /** Reads where nothing is. */
  @Benchmark
  @OperationsPerInvocation(DEPTH)
  public int pastTheEnd() throws IOException {
    return read(1L << 30);
  }

  /** Reads what is cached; a backend that bypasses the cache asks the storage. */
  @Benchmark
  @OperationsPerInvocation(DEPTH)
  public int fourKib() throws IOException {
    return read(0);
  }

  private int read(long offset) throws IOException {
    for (int i = 0; i < DEPTH; i++) {
      ByteBuffer buffer = pool.get(i);
      queue.read(buffer, offset + (long) i * SIZE, i);
    }
    return queue.reap(DEPTH, completion);
  }
}
