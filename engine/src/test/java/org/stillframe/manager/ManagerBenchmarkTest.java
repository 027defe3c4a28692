/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.benchmark.BenchmarkPlan;
import org.stillframe.benchmark.Measurement;
import org.stillframe.benchmark.Operation;
import org.stillframe.benchmark.Result;
import org.stillframe.channel.CancelToken;
import org.stillframe.channel.Progress;
import org.stillframe.channel.ProgressListener;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.error.StorageException;
import org.stillframe.spi.Capability;
import org.stillframe.target.TargetUri;

/** Benchmarks of the backend posix, with faults. Whatever comes of one, its file is gone. */
class ManagerBenchmarkTest extends ManagerFixture {
  private static final int BLOCK = 64 << 10;

  // Not a multiple of the block: the last one is short.
  private static final long SIZE = 37 * BLOCK + 4096;

  private BenchmarkPlan.Builder plan = small();

  private static BenchmarkPlan.Builder small() {
    return BenchmarkPlan.builder()
        .size(SIZE)
        .blockSizes(List.of(BLOCK))
        .depths(List.of(3))
        .queues(List.of(1, 2))
        .runs(2);
  }

  private BenchmarkRequest.Builder benchmark() throws RequestException {
    return BenchmarkRequest.builder(TargetUri.file(image), plan.build());
  }

  private BenchmarkReport run(BenchmarkRequest.Builder request) throws StillframeException {
    return manager.benchmark(request.build(), ProgressListener.NONE);
  }

  private <E extends StillframeException> E fails(Class<E> type, BenchmarkRequest.Builder request) {
    E failure = assertThrows(type, () -> run(request));
    assertTrue(failure.what().contains(image.toString()), failure.getMessage());
    return failure;
  }

  @Test
  void everySettingIsMeasuredAsOftenAsAsked() throws Exception {
    List<Progress> heard = new ArrayList<>();
    BenchmarkReport report = manager.benchmark(benchmark().build(), heard::add);

    assertEquals(4, report.results().size());
    for (Result result : report.results()) {
      assertEquals("faulty", result.setting().backend());
      assertEquals(2, result.runs().size());
      for (Measurement run : result.runs()) {
        assertEquals(SIZE, run.bytes());
        assertTrue(run.time().compareTo(run.sync()) >= 0, "the fsync is part of the time");
        assertFalse(run.sync().isNegative() || run.processor().isNegative(), "time runs forward");
      }
    }
    assertEquals(List.of(), files());
    // Two passes of warm-up, and each setting twice.
    assertEquals((2 + 4 * 2) * SIZE, heard.get(0).total().getAsLong());
  }

  @Test
  void everyBlockIsWrittenOnceAndReadOnce() throws Exception {
    plan.warmUp(false).runs(1).queues(List.of(3));
    run(benchmark());

    List<Long> blocks = new ArrayList<>();
    for (long offset = 0; offset < SIZE; offset += BLOCK) {
      blocks.add(offset);
    }
    assertEquals(blocks, backend.written.stream().sorted().toList());
    assertEquals(blocks, backend.read.stream().sorted().toList());
  }

  @Test
  void readsAloneHaveSomethingToRead() throws Exception {
    plan.operations(List.of(Operation.READ)).warmUp(false).runs(1).queues(List.of(1));
    BenchmarkReport report = run(benchmark());
    assertEquals(1, report.results().size());
    assertEquals(38, backend.written.size());
    assertEquals(38, backend.read.size());
    assertTrue(report.best(Operation.WRITE).isEmpty(), "nothing was measured");
  }

  @Test
  void theReportSaysWhatTheEngineWouldUse() throws Exception {
    plan.size(4 << 20).blockSizes(List.of(BLOCK, 1 << 20)).depths(List.of(8));
    BenchmarkReport report = run(benchmark());
    assertEquals(1, report.engine().size(), "nothing here bypasses the cache");
    EngineSetting engine = report.engine().get(0);
    assertEquals("faulty", engine.choice().backend().name());
    assertTrue(report.result(engine.setting(Operation.WRITE)).isPresent(), "1 MiB, depth 8, one");
    Result best = report.best(Operation.WRITE).orElseThrow();
    report.results().stream()
        .filter(result -> result.setting().operation() == Operation.WRITE)
        .forEach(other -> assertTrue(best.median().rate() >= other.median().rate()));
  }

  @Test
  void nothingIsOverwritten() throws Exception {
    Files.writeString(image, "precious");
    RequestException e = fails(RequestException.class, benchmark());
    assertEquals(ErrorCode.TARGET_EXISTS, e.code());
    assertFalse(e.getMessage().contains("--force"), e.getMessage());
    assertEquals("precious", Files.readString(image));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fd:0", "file:/dev/null", "file:/"})
  void whatIsNoFreePathIsRefused(String target) throws Exception {
    BenchmarkRequest request =
        BenchmarkRequest.builder(TargetUri.parse(target), plan.build()).build();
    RequestException e =
        assertThrows(
            RequestException.class, () -> manager.benchmark(request, ProgressListener.NONE));
    assertEquals(ErrorCode.UNSUPPORTED, e.code());
  }

  @Test
  void tooLittleSpaceIsToldBeforeAnythingIsWritten() throws Exception {
    plan.size(1L << 60);
    StorageException e = fails(StorageException.class, benchmark());
    assertEquals(ErrorCode.TARGET_FULL, e.code());
    assertTrue(e.why().contains("needs 1152921504606846976 bytes"), e.why());
    assertEquals(List.of(), backend.written);
    assertEquals(List.of(), files());
  }

  @Test
  void aFullStorageIsTold() throws Exception {
    backend.full = 5 * BLOCK;
    StorageException e = fails(StorageException.class, benchmark());
    assertEquals(ErrorCode.TARGET_FULL, e.code());
    assertTrue(e.what().contains("at byte 327680, backend faulty"), e.what());
    assertTrue(e.why().contains("No space left on device (ENOSPC)"), e.why());
    assertEquals(List.of(), files());
  }

  @Test
  void aFailureOfTheFsyncIsTold() throws Exception {
    plan.warmUp(false);
    backend.whenSynced = () -> backend.syncFails = !backend.written.isEmpty();
    StorageException e = fails(StorageException.class, benchmark());
    assertEquals(ErrorCode.STORAGE, e.code());
    assertEquals("fsync: Input/output error (EIO)", e.why());
    assertEquals(List.of(), files());
  }

  @Test
  void aShortReadIsTold() throws Exception {
    Path partial = directory.resolve("vm1.image.partial");
    backend.whenRead =
        () -> {
          try (var file = Files.newByteChannel(partial, java.nio.file.StandardOpenOption.WRITE)) {
            file.truncate(SIZE - 1);
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        };
    StorageException e = fails(StorageException.class, benchmark());
    assertTrue(e.why().contains("4095 of 4096 bytes (read)"), e.why());
    assertTrue(e.what().contains("at byte " + 37 * BLOCK), e.what());
    assertEquals(List.of(), files());
  }

  @Test
  void aCancelledBenchmarkCleansUp() throws Exception {
    CancelToken token = new CancelToken();
    plan.runs(1000);
    backend.whenSynced = token::cancel;
    CancelledException e = fails(CancelledException.class, benchmark().cancelToken(token));
    assertEquals(ErrorCode.CANCELLED, e.code());
    assertEquals(List.of(), files());
  }

  @Test
  void aDeadlineThatPassesCleansUp() throws Exception {
    plan.runs(1000);
    CancelledException e =
        fails(CancelledException.class, benchmark().deadline(Duration.ofMillis(1)));
    assertEquals(ErrorCode.DEADLINE_EXCEEDED, e.code());
    assertEquals(List.of(), files());
  }

  @Test
  void whatNoBackendServesIsRefusedWithItsReason() throws Exception {
    RequestException e =
        fails(RequestException.class, benchmark().capabilities(Capability.BYPASS_CACHE));
    assertTrue(e.why().startsWith("faulty says: "), e.why());
    assertEquals(List.of(), files());
  }

  @Test
  void namesOfBackends() throws Exception {
    plan.runs(1);
    BenchmarkReport report = run(benchmark().backends(List.of("faulty", "faulty")));
    assertEquals(4, report.results().size());
    RequestException e =
        assertThrows(
            RequestException.class, () -> run(benchmark().backends(List.of("faulty", "nix"))));
    assertEquals(ErrorCode.INVALID_REQUEST, e.code());
    assertEquals(
        "nix",
        assertThrows(RequestException.class, () -> run(benchmark().backend("nix")))
            .what()
            .replaceAll(".*'(.*)'", "$1"));
    assertEquals(List.of(), files());
  }

  @Test
  void bothWaysAtOnceAreNone() throws Exception {
    RequestException e =
        fails(
            RequestException.class,
            benchmark().buffered(true).capabilities(Capability.BYPASS_CACHE));
    assertEquals(ErrorCode.INVALID_REQUEST, e.code());
  }
}
