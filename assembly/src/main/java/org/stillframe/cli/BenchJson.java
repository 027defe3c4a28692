/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Duration;
import org.stillframe.benchmark.Measurement;
import org.stillframe.benchmark.Operation;
import org.stillframe.benchmark.Result;
import org.stillframe.benchmark.Setting;
import org.stillframe.manager.BenchmarkReport;
import org.stillframe.manager.EngineSetting;

/** A benchmark as JSON. The figures of a setting are those of its median run. */
final class BenchJson {
  private static final double MEBIBYTE = 1 << 20;

  private BenchJson() {}

  static JsonObject of(BenchmarkReport report) {
    JsonObject object = new JsonObject();
    object.addProperty("target", report.target().name());
    object.addProperty("fileSystem", report.target().fileSystem());
    object.addProperty("bytes", report.plan().size());
    object.addProperty("runs", report.plan().runs());
    object.addProperty("warmUp", report.plan().warmUp());
    JsonArray results = new JsonArray();
    for (Result result : report.results()) {
      JsonObject one = setting(result.setting());
      figures(one, result.median());
      JsonArray runs = new JsonArray();
      for (Measurement run : result.runs()) {
        JsonObject figures = new JsonObject();
        figures(figures, run);
        runs.add(figures);
      }
      one.add("runs", runs);
      results.add(one);
    }
    object.add("results", results);
    JsonArray engine = new JsonArray();
    for (EngineSetting setting : report.engine()) {
      engine.add(engine(report, setting));
    }
    object.add("engine", engine);
    JsonObject best = new JsonObject();
    for (Operation operation : Operation.values()) {
      report
          .best(operation)
          .ifPresent(result -> best.add(operation.toString(), setting(result.setting())));
    }
    object.add("best", best);
    JsonObject process = new JsonObject();
    process.addProperty("cpuSeconds", seconds(report.process().processorTime()));
    process.addProperty("peakResidentBytes", report.process().peakResidentBytes());
    object.add("process", process);
    return object;
  }

  private static JsonObject setting(Setting setting) {
    JsonObject object = new JsonObject();
    object.addProperty("operation", setting.operation().toString());
    object.addProperty("backend", setting.backend());
    object.addProperty("bypassCache", setting.bypassCache());
    object.addProperty("blockSize", setting.blockSize());
    object.addProperty("depth", setting.depth());
    object.addProperty("queues", setting.queues());
    return object;
  }

  private static void figures(JsonObject object, Measurement run) {
    object.addProperty("bytes", run.bytes());
    object.addProperty("seconds", seconds(run.time()));
    object.addProperty("syncSeconds", seconds(run.sync()));
    object.addProperty("mebibytesPerSecond", run.rate() / MEBIBYTE);
    object.addProperty("userSeconds", seconds(run.user()));
    object.addProperty("systemSeconds", seconds(run.system()));
    object.addProperty("cpuSecondsPerGibibyte", run.processorSecondsPerGibibyte());
  }

  private static JsonObject engine(BenchmarkReport report, EngineSetting engine) {
    JsonObject object = new JsonObject();
    object.addProperty("bypassCache", engine.bypassCache());
    object.addProperty("backend", engine.choice().backend().name());
    object.addProperty("backendReason", engine.choice().explanation());
    for (Operation operation : Operation.values()) {
      Setting setting = engine.setting(operation);
      JsonObject one = new JsonObject();
      one.addProperty("blockSize", setting.blockSize());
      one.addProperty("depth", setting.depth());
      one.addProperty("queues", setting.queues());
      report
          .result(setting)
          .ifPresent(
              result -> one.addProperty("mebibytesPerSecond", result.median().rate() / MEBIBYTE));
      object.add(operation.toString(), one);
    }
    return object;
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
