/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.stillframe.backend.BackendRegistry;
import org.stillframe.channel.ProgressListener;
import org.stillframe.error.StillframeException;
import org.stillframe.stream.SampleStreams;
import org.stillframe.system.SystemCalls;
import org.stillframe.target.TargetUri;

/** A manager on a real directory, with a guest and faults of our own. */
@Timeout(60)
abstract class ManagerFixture {
  /** Larger than all buffers of a channel together. */
  static final byte[] STREAM = SampleStreams.ofPages(3000);

  @TempDir Path directory;

  final FakeGuest guest = new FakeGuest();
  final FaultyBackend backend = new FaultyBackend();
  Path image;
  MigrationManager manager;

  @BeforeEach
  void open() throws Exception {
    guest.stream = STREAM;
    image = directory.resolve("vm1.image");
    manager =
        Stillframe.builder()
            .backends(BackendRegistry.of(List.of(backend)))
            .guests(guest.connector())
            .build();
  }

  @AfterEach
  void close() {
    Thread.interrupted();
    manager.close();
  }

  SaveRequest.Builder request() {
    return SaveRequest.builder(FakeGuest.ADDRESS, TargetUri.file(image));
  }

  SaveReport save(SaveRequest.Builder request) throws StillframeException {
    return manager.save(request.build(), ProgressListener.NONE);
  }

  RestoreReport restore(AfterRestore afterwards) throws StillframeException {
    return manager.restore(
        RestoreRequest.builder(FakeGuest.ADDRESS, TargetUri.file(image))
            .afterwards(afterwards)
            .build(),
        ProgressListener.NONE);
  }

  /** Some work that is to be reported. */
  interface Work {
    Duration processorTime() throws StillframeException;
  }

  /** What is reported is some of what the process used, and no more than it used meanwhile. */
  static void assertProcessorTimeIsItsOwn(Work work) throws Exception {
    SystemCalls system = new SystemCalls();
    Duration before = system.resourceUse().processorTime();
    Duration reported = work.processorTime();
    Duration used = system.resourceUse().processorTime().minus(before);
    assertTrue(reported.compareTo(Duration.ZERO) > 0, "no time at all");
    assertTrue(reported.compareTo(used) <= 0, reported + " of " + used);
  }

  List<String> files() throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
