/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.stillframe.benchmark.BenchmarkPlan;
import org.stillframe.benchmark.Operation;
import org.stillframe.benchmark.Result;
import org.stillframe.benchmark.Setting;
import org.stillframe.spi.Target;
import org.stillframe.system.ResourceUse;

/**
 * What the storage backends reached.
 *
 * @param target what the system says of the file, which is gone by now
 * @param plan what was asked for
 * @param results one for each setting
 * @param engine what a save or a restore uses by itself, for each way to the storage that was
 *     measured and is served
 * @param process what this process has used since its start, measured or not
 */
public record BenchmarkReport(
    Target target,
    BenchmarkPlan plan,
    List<Result> results,
    List<EngineSetting> engine,
    ResourceUse process) {
  /** The result whose median run was the fastest of all; empty if that was not measured. */
  public Optional<Result> best(Operation operation) {
    return results.stream()
        .filter(result -> result.setting().operation() == operation)
        .max(Comparator.comparingDouble(result -> result.median().rate()));
  }

  /** The result of a setting; empty if it was not measured. */
  public Optional<Result> result(Setting setting) {
    return results.stream().filter(result -> result.setting().equals(setting)).findFirst();
  }
}
