/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.benchmark;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.StillframeException;
import org.stillframe.error.StorageException;
import org.stillframe.spi.Target;
import org.stillframe.system.SystemCalls;

/** Measures backends over one file. Thread-safe; each file belongs to one call. */
public final class Benchmark {
  /** What a backend moves before it is measured, in bytes. */
  private static final long WARM_UP = 64L << 20;

  private final ChannelScheduler scheduler;
  private final SystemCalls system;

  /** Measures with these threads and system calls. */
  public Benchmark(ChannelScheduler scheduler, SystemCalls system) {
    this.scheduler = scheduler;
    this.system = system;
  }

  /**
   * Measures every setting of a plan with every subject, all of them once, then all of them again,
   * so that what changes with time meets all alike.
   *
   * @param target a regular file that may be overwritten, open for reading and writing
   * @param directory on whose file system it is
   * @return one result for each setting, in the order of the subjects and the plan
   * @throws StorageException TARGET_FULL if there is no room, before anything is written
   */
  public List<Result> run(
      Target target,
      Path directory,
      List<Subject> subjects,
      BenchmarkPlan plan,
      Supervision supervision)
      throws StillframeException {
    Map<Setting, Subject> work = new LinkedHashMap<>();
    for (Subject subject : subjects) {
      String name = subject.backend().name();
      plan.settings(name, subject.bypassCache()).forEach(setting -> work.put(setting, subject));
    }
    List<Setting> settings = List.copyOf(work.keySet());
    Arena arena = Arena.forAll(settings);
    requireRoom(target, directory, plan.size());
    Pass pass = new Pass(scheduler, system, target, arena, supervision);
    List<Step> first = preparation(work, plan);
    supervision.expect(bytes(first) + (long) settings.size() * plan.runs() * plan.size());
    supervision.enter(Phase.TRANSFER);
    for (Step step : first) {
      pass.over(step.subject(), step.setting(), step.size());
    }
    Map<Setting, List<Measurement>> measured = new LinkedHashMap<>();
    for (int run = 0; run < plan.runs(); run++) {
      for (Map.Entry<Setting, Subject> one : work.entrySet()) {
        measured
            .computeIfAbsent(one.getKey(), setting -> new ArrayList<>())
            .add(pass.over(one.getValue(), one.getKey(), plan.size()));
      }
    }
    return measured.entrySet().stream().map(e -> new Result(e.getKey(), e.getValue())).toList();
  }

  /** A pass that is not measured. */
  private record Step(Subject subject, Setting setting, long size) {}

  /** The warm-up of each subject, and then what a benchmark of reads alone is to read. */
  private static List<Step> preparation(Map<Setting, Subject> work, BenchmarkPlan plan) {
    List<Step> steps = new ArrayList<>();
    if (plan.warmUp()) {
      Map<Subject, Setting> firsts = new LinkedHashMap<>();
      work.forEach((setting, subject) -> firsts.putIfAbsent(subject, setting));
      firsts.forEach(
          (subject, setting) -> {
            for (Operation operation : Operation.values()) {
              long size = Math.min(WARM_UP, plan.size());
              steps.add(new Step(subject, with(setting, operation), size));
            }
          });
    }
    if (!plan.has(Operation.WRITE)) {
      Map.Entry<Setting, Subject> any = work.entrySet().iterator().next();
      Setting setting = with(any.getKey(), Operation.WRITE);
      steps.add(new Step(any.getValue(), setting, plan.size()));
    }
    return steps;
  }

  private static Setting with(Setting setting, Operation operation) {
    return new Setting(
        setting.backend(),
        setting.bypassCache(),
        operation,
        setting.blockSize(),
        setting.depth(),
        setting.queues());
  }

  private static long bytes(List<Step> steps) {
    return steps.stream().mapToLong(Step::size).sum();
  }

  private static void requireRoom(Target target, Path directory, long size)
      throws StillframeException {
    long usable;
    try {
      FileStore store = Files.getFileStore(directory);
      // A ramfs has neither a size nor free space, and takes what it is given all the same.
      usable = store.getTotalSpace() == 0 ? Long.MAX_VALUE : store.getUsableSpace();
    } catch (IOException e) {
      throw new StorageException(
          ErrorCode.STORAGE, directory.toString(), e.getMessage(), "check its file system", e);
    }
    if (usable < size) {
      throw new StorageException(
          ErrorCode.TARGET_FULL,
          target.name(),
          "the benchmark needs %d bytes, and %d are free".formatted(size, usable),
          "ask for a smaller size, free some space or choose another target");
    }
  }
}
