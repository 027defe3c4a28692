/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.stillframe.benchmark.BenchmarkPlan;
import org.stillframe.benchmark.Operation;
import org.stillframe.chart.PictureFile;
import org.stillframe.error.StillframeException;
import org.stillframe.manager.BackendsRequest;
import org.stillframe.manager.BenchmarkReport;
import org.stillframe.manager.BenchmarkRequest;
import org.stillframe.manager.MigrationManager;
import org.stillframe.spi.Capability;
import org.stillframe.target.TargetUri;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stillframe bench}. */
@Command(
    name = "bench",
    description = {
      "Measures what each storage backend reaches on a storage.",
      "Makes a file of random bytes at TARGET.partial, measures the product of all lists, and"
          + " removes the file, whatever happens. Nothing is overwritten. A write counts until its"
          + " fsync has returned; before a read, the file is dropped from the host's page cache.",
    })
final class BenchCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private OutputOptions output;

  @Mixin private WorkOptions work;

  @Parameters(
      paramLabel = "TARGET",
      description = "A path that is free, on the storage that is to be measured.")
  private String target;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      split = ",",
      description = "Measure these storage backends. Default: all that offer themselves here.")
  private List<String> backends = List.of();

  /** One of two, or neither. */
  static final class Cache {
    @Option(
        names = {"--bypass-cache", "--direct-io"},
        description =
            "Measure only what bypasses the host's page cache (O_DIRECT). Default: both ways.")
    private boolean bypass;

    @Option(
        names = "--buffered",
        description = "Measure only what is not asked to bypass the host's page cache.")
    private boolean buffered;
  }

  @ArgGroup(exclusive = true)
  private Cache cache = new Cache();

  @Option(
      names = "--operation",
      paramLabel = "write|read",
      split = ",",
      defaultValue = "write,read",
      description = "What to measure. Default: ${DEFAULT-VALUE}.")
  private List<Operation> operations;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      converter = Amounts.Size.class,
      defaultValue = "1G",
      description = "How much each run moves. Default: ${DEFAULT-VALUE}.")
  private long size;

  @Option(
      names = "--block-size",
      paramLabel = "SIZE",
      split = ",",
      converter = Amounts.BufferSize.class,
      defaultValue = "1M",
      description = "Bytes of each request, as in 256K,1M. Default: ${DEFAULT-VALUE}.")
  private List<Integer> blockSizes;

  @Option(
      names = "--depth",
      paramLabel = "N",
      split = ",",
      defaultValue = "8",
      description = "Requests that each queue keeps in flight. Default: ${DEFAULT-VALUE}.")
  private List<Integer> depths;

  @Option(
      names = "--queues",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,2",
      description = "Queues, each with a thread of its own. Default: ${DEFAULT-VALUE}.")
  private List<Integer> queues;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "How often everything is measured, in turns; the median counts. Default:"
              + " ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--warm-up",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Whether each backend moves up to 64 MiB first that do not count. Default: yes.")
  private boolean warmUp;

  @Option(
      names = "--picture",
      paramLabel = "FILE.png",
      description = "Draw the rates as a bar chart into this file, which must not exist.")
  private Path picture;

  BenchCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    TargetUri uri = TargetUri.parse(target);
    BenchmarkPlan plan =
        BenchmarkPlan.builder()
            .operations(operations)
            .size(size)
            .blockSizes(blockSizes)
            .depths(depths)
            .queues(queues)
            .runs(runs)
            .warmUp(warmUp)
            .build();
    BenchmarkRequest.Builder request =
        BenchmarkRequest.builder(uri, plan).backends(backends).buffered(cache.buffered);
    if (cache.bypass) {
      request.capabilities(Capability.BYPASS_CACHE);
    }
    work.apply(request);
    if (picture == null) {
      print(work.run(context, (manager, listener) -> manager.benchmark(request.build(), listener)));
      return 0;
    }
    // Nothing is shown: a terminal or a display that is named in the environment is not meant.
    System.setProperty("java.awt.headless", "true");
    try (PictureFile file = PictureFile.begin(picture)) {
      BenchmarkReport report =
          work.run(
              context,
              (manager, listener) -> {
                file.requireRoomFor(plan.combinations(), bars(manager, plan));
                return manager.benchmark(request.build(), listener);
              });
      print(report);
      file.write(BenchChart.of(report));
    }
    return 0;
  }

  /** The most bars that may have to be drawn. */
  private int bars(MigrationManager manager, BenchmarkPlan plan) throws StillframeException {
    int count =
        backends.isEmpty()
            ? manager.backends(BackendsRequest.builder().build()).backends().size()
            : backends.size();
    int ways = cache.bypass || cache.buffered ? 1 : 2;
    return plan.combinations() * count * ways;
  }

  private void print(BenchmarkReport report) {
    if (output.json()) {
      context.out().println(JsonText.of(BenchJson.of(report)));
    } else {
      new BenchTable(report).lines().forEach(context.out()::println);
    }
  }
}
