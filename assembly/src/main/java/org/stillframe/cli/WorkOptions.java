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
import picocli.CommandLine.Option;

/** The options of the commands whose work takes its time. */
final class WorkOptions {
  @Option(
      names = "--deadline",
      paramLabel = "SECONDS",
      converter = Amounts.Seconds.class,
      description = "Give up, and clean up, if all is not done in this time.")
  private Duration deadline;

  @Option(
      names = "--progress",
      paramLabel = "auto|plain|none",
      defaultValue = "auto",
      description =
          "How to show progress on standard error. auto: a bar on a terminal, lines elsewhere."
              + " plain: lines. none: nothing. Default: ${DEFAULT-VALUE}.")
  private ProgressMode progress;

  void apply(Request.Builder<?> request) {
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
