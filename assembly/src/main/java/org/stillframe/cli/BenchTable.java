/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.stillframe.benchmark.Measurement;
import org.stillframe.benchmark.Operation;
import org.stillframe.benchmark.Result;
import org.stillframe.benchmark.Setting;
import org.stillframe.manager.BenchmarkReport;
import org.stillframe.manager.EngineSetting;
import org.stillframe.spi.Target;

/** A benchmark in words. */
final class BenchTable {
  private static final double MEBIBYTE = 1 << 20;
  private static final String FORM = "  %-6s %-10s %-8s %9s %6s %7s %9s %10s %9s %9s %12s";

  /** These have nothing but the page cache to hold a file. */
  private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs", "hugetlbfs");

  private final BenchmarkReport report;

  BenchTable(BenchmarkReport report) {
    this.report = report;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("measured " + report.target().name() + ", " + conditions(report));
    lines.add("");
    lines.add(
        FORM.formatted(
            "",
            "backend",
            "cache",
            "block",
            "depth",
            "queues",
            "MiB/s",
            "range",
            "time",
            "fsync",
            "CPU s/GiB"));
    report.results().stream()
        .sorted(Comparator.comparing(result -> result.setting().operation()))
        .forEach(result -> lines.add(row(result)));
    lines.add("");
    for (EngineSetting engine : report.engine()) {
      engine(lines, engine);
    }
    for (Operation operation : Operation.values()) {
      report
          .best(operation)
          .ifPresent(
              result ->
                  line(lines, "best " + operation, words(result.setting()) + ": " + rate(result)));
    }
    note(lines);
    return lines;
  }

  /** What holds for all figures. */
  static String conditions(BenchmarkReport report) {
    Target target = report.target();
    int runs = report.plan().runs();
    return (target.fileSystem().isEmpty() ? "" : target.fileSystem() + ", ")
        + Amounts.size(report.plan().size())
        + (runs == 1 ? ", one run" : ", median of " + runs + " runs");
  }

  private static String row(Result result) {
    Setting setting = result.setting();
    Measurement run = result.median();
    boolean write = setting.operation() == Operation.WRITE;
    return FORM.formatted(
        setting.operation(),
        setting.backend(),
        cache(setting.bypassCache()),
        Amounts.size(setting.blockSize()),
        setting.depth(),
        setting.queues(),
        decimal(run.rate() / MEBIBYTE, 0),
        result.runs().size() == 1
            ? "-"
            : decimal(result.slowest().rate() / MEBIBYTE, 0)
                + "-"
                + decimal(result.fastest().rate() / MEBIBYTE, 0),
        seconds(run.time()),
        write ? seconds(run.sync()) : "-",
        decimal(run.processorSecondsPerGibibyte(), 3));
  }

  static String cache(boolean bypass) {
    return bypass ? "bypassed" : "used";
  }

  private void engine(List<String> lines, EngineSetting engine) {
    String asked = engine.bypassCache() ? "with --bypass-cache, " : "";
    line(lines, "engine", asked + "would choose " + engine.choice().explanation());
    for (Operation operation : Operation.values()) {
      Setting setting = engine.setting(operation);
      Optional<Result> measured = report.result(setting);
      line(
          lines,
          "",
          operation + " " + shape(setting) + measured.map(r -> ": " + rate(r)).orElse(""));
    }
  }

  private static String words(Setting setting) {
    return setting.backend() + ", cache " + cache(setting.bypassCache()) + ", " + shape(setting);
  }

  /** Blocks, depth and queues in words. */
  static String shape(Setting setting) {
    return "%s, depth %d, %d %s"
        .formatted(
            Amounts.size(setting.blockSize()),
            setting.depth(),
            setting.queues(),
            setting.queues() == 1 ? "queue" : "queues");
  }

  private void note(List<String> lines) {
    if (IN_MEMORY.contains(report.target().fileSystem())) {
      line(lines, "note", report.target().fileSystem() + " is memory: no storage was measured");
    }
  }

  private static void line(List<String> lines, String label, String text) {
    lines.add("  %-10s %s".formatted(label, text));
  }

  private static String rate(Result result) {
    return decimal(result.median().rate() / MEBIBYTE, 0) + " MiB/s";
  }

  private static String seconds(Duration time) {
    return decimal(time.toNanos() / 1e9, 3) + " s";
  }

  private static String decimal(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
