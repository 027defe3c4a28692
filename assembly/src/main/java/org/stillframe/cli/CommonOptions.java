/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.time.Duration;
import org.stillframe.channel.ProgressListener;
import org.stillframe.error.StillframeException;
import org.stillframe.manager.MigrationManager;
import org.stillframe.manager.Request;
import org.stillframe.spi.Capability;
import picocli.CommandLine.Option;

/** The options that all commands have. */
final class CommonOptions {
  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "Use this storage backend. Default: the best that accepts the target.")
  private String backend;

  @Option(
      names = {"--bypass-cache", "--direct-io"},
      description =
          "Bypass the host's page cache (O_DIRECT). Refused if no backend can do so here.")
  private boolean bypassCache;

  @Option(
      names = "--deadline",
      paramLabel = "SECONDS",
      converter = Amounts.Seconds.class,
      description = "Give up, and clean up, if all is not done in this time.")
  private Duration deadline;

  @Option(
      names = "--json",
      description =
          "Print one JSON object on standard output; on standard error if the image or stream goes"
              + " to standard output.")
  private boolean json;

  @Option(
      names = "--progress",
      paramLabel = "auto|plain|none",
      defaultValue = "auto",
      description =
          "How to show progress on standard error. auto: a bar on a terminal, lines elsewhere."
              + " plain: lines. none: nothing. Default: ${DEFAULT-VALUE}.")
  private ProgressMode progress;

  @Option(names = "--debug", description = "On failure, show where in the program it happened.")
  private boolean debug;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  boolean json() {
    return json;
  }

  void apply(Request.Builder<?> request) {
    if (backend != null) {
      request.backend(backend);
    }
    if (bypassCache) {
      request.capabilities(Capability.BYPASS_CACHE);
    }
    if (deadline != null) {
      request.deadline(deadline);
    }
  }

  /** What is done with the manager, under the eyes of a listener. */
  @FunctionalInterface
  interface Work<T> {
    T with(MigrationManager manager, ProgressListener listener) throws StillframeException;
  }

  <T> T run(CommandContext context, Work<T> work) throws StillframeException {
    MigrationManager manager = context.manager().get();
    context.interruption().guard(manager);
    try (ProgressDisplay display = ProgressDisplay.of(progress, context.err())) {
      return work.with(manager, display);
    }
  }
}
