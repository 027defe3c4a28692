/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.stillframe.benchmark.Operation;
import org.stillframe.benchmark.Result;
import org.stillframe.benchmark.Setting;
import org.stillframe.chart.BarChart;
import org.stillframe.manager.BenchmarkReport;

/** A benchmark as a chart: a group for each setting, a colour for each backend. */
final class BenchChart {
  private static final double MEBIBYTE = 1 << 20;

  private BenchChart() {}

  static BarChart of(BenchmarkReport report) {
    Set<String> series = new LinkedHashSet<>();
    Map<String, Map<String, BarChart.Bar>> groups = new LinkedHashMap<>();
    for (Operation operation : Operation.values()) {
      for (Result result : report.results()) {
        Setting setting = result.setting();
        if (setting.operation() == operation) {
          String name =
              setting.backend() + ", page cache " + BenchTable.cache(setting.bypassCache());
          series.add(name);
          groups
              .computeIfAbsent(
                  operation + "  " + BenchTable.shape(setting), label -> new LinkedHashMap<>())
              .put(name, bar(result));
        }
      }
    }
    List<BarChart.Group> all = new ArrayList<>();
    groups.forEach((label, bars) -> all.add(new BarChart.Group(label, bars)));
    List<String> notes =
        List.of(
            report.target().name() + ": " + BenchTable.conditions(report),
            "A write counts until its fsync has returned; the line in a bar is the range of all"
                + " runs.");
    return new BarChart("What each backend reaches", notes, "MiB/s", List.copyOf(series), all);
  }

  private static BarChart.Bar bar(Result result) {
    return new BarChart.Bar(
        result.median().rate() / MEBIBYTE,
        result.slowest().rate() / MEBIBYTE,
        result.fastest().rate() / MEBIBYTE);
  }
}
