/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.stillframe.channel.Progress;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.ProgressListener;

/** Shows progress: as a bar that is drawn over and over, or as lines now and then. */
final class ProgressDisplay implements ProgressListener, AutoCloseable {
  private static final Duration LINE_EVERY = Duration.ofSeconds(2);
  private static final int BAR_WIDTH = 28;
  private static final String CLEAR_LINE = "\r\033[K";

  private final ProgressMode mode;
  private final boolean bar;
  private final PrintStream err;
  private Phase lastPhase;
  private Duration lastLine = Duration.ZERO;
  private Duration transferBegan = Duration.ZERO;
  private boolean drawn;

  private ProgressDisplay(ProgressMode mode, boolean bar, PrintStream err) {
    this.mode = mode;
    this.bar = bar;
    this.err = err;
  }

  static ProgressDisplay of(ProgressMode mode, PrintStream err) {
    return new ProgressDisplay(mode, mode == ProgressMode.AUTO && isTerminal(), err);
  }

  static ProgressDisplay of(ProgressMode mode, boolean terminal, PrintStream err) {
    return new ProgressDisplay(mode, terminal && mode == ProgressMode.AUTO, err);
  }

  /** Whether standard error is a terminal. System.console() looks at the other two streams. */
  private static boolean isTerminal() {
    try {
      String name = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void progress(Progress progress) {
    if (mode == ProgressMode.NONE) {
      return;
    }
    boolean newPhase = progress.phase() != lastPhase;
    lastPhase = progress.phase();
    if (newPhase && lastPhase == Phase.TRANSFER) {
      transferBegan = progress.elapsed();
    }
    if (bar) {
      err.print(CLEAR_LINE + (lastPhase == Phase.TRANSFER ? bar(progress) : "") + text(progress));
      err.flush();
      drawn = true;
    } else if (lastPhase != Phase.TRANSFER ? newPhase : lineIsDue(progress)) {
      lastLine = progress.elapsed();
      err.println(text(progress));
    }
  }

  private boolean lineIsDue(Progress progress) {
    return progress.elapsed().minus(lastLine).compareTo(LINE_EVERY) >= 0;
  }

  private static String bar(Progress progress) {
    if (progress.total().isEmpty() || progress.total().getAsLong() <= 0) {
      return "";
    }
    double fraction = Math.min(1.0, (double) progress.bytes() / progress.total().getAsLong());
    int full = (int) (fraction * BAR_WIDTH);
    return "[%s%s] %3d%% "
        .formatted("#".repeat(full), "-".repeat(BAR_WIDTH - full), (int) (fraction * 100));
  }

  private String text(Progress progress) {
    return switch (progress.phase()) {
      case CONNECT -> "waiting for a connection";
      case SYNC -> "making it durable, " + Amounts.bytes(progress.bytes());
      case TRANSFER -> transfer(progress);
    };
  }

  private String transfer(Progress progress) {
    Duration time = progress.elapsed().minus(transferBegan);
    StringBuilder line = new StringBuilder(Amounts.bytes(progress.bytes()));
    progress.total().ifPresent(total -> line.append(" of ").append(Amounts.bytes(total)));
    if (time.toMillis() > 0 && progress.bytes() > 0) {
      line.append(", ").append(Amounts.rate(progress.bytes(), time));
      if (progress.total().isPresent()) {
        double rate = progress.bytes() / (double) time.toNanos();
        long left = Math.max(0, progress.total().getAsLong() - progress.bytes());
        line.append(", ")
            .append(Amounts.time(Duration.ofNanos((long) (left / rate))))
            .append(" left");
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    if (drawn) {
      err.print(CLEAR_LINE);
      err.flush();
    }
  }
}
