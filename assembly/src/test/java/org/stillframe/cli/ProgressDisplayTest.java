/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.stillframe.channel.Progress;
import org.stillframe.channel.Progress.Phase;

class ProgressDisplayTest {
  private static final long MIB = 1 << 20;

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private String shown(ProgressMode mode, boolean terminal, Progress... progress) {
    try (PrintStream printer = new PrintStream(err, true, StandardCharsets.UTF_8);
        ProgressDisplay display = ProgressDisplay.of(mode, terminal, printer)) {
      for (Progress step : progress) {
        display.progress(step);
      }
    }
    return err.toString(StandardCharsets.UTF_8);
  }

  private static Progress transfer(long bytes, OptionalLong total, long millis) {
    return new Progress(Phase.TRANSFER, bytes, total, Duration.ofMillis(millis));
  }

  @Test
  void aTerminalShowsABarWithBytesRateAndTimeLeftAndClearsItInTheEnd() {
    String shown =
        shown(
            ProgressMode.AUTO,
            true,
            transfer(0, OptionalLong.of(400 * MIB), 1000),
            transfer(100 * MIB, OptionalLong.of(400 * MIB), 2000));
    assertTrue(
        shown.contains(
            "\r\033[K[#######---------------------]  25% 100.0 MiB of 400.0 MiB, 100.0 MiB/s, 3.0 s"
                + " left"),
        shown);
    assertTrue(shown.endsWith("\r\033[K"), "the bar is gone");
  }

  @Test
  void withoutATerminalThereAreWholeLinesNowAndThen() {
    Progress[] steps = new Progress[50];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = transfer(i * 10 * MIB, OptionalLong.empty(), i * 100);
    }
    String shown = shown(ProgressMode.AUTO, false, steps);
    assertEquals(2, shown.lines().count(), "one for every two seconds of five");
    assertTrue(shown.startsWith("200.0 MiB, 100.0 MiB/s"), shown);
  }

  @Test
  void plainShowsLinesOnATerminalToo() {
    String shown = shown(ProgressMode.PLAIN, true, transfer(MIB, OptionalLong.empty(), 5000));
    assertEquals("1.00 MiB\n", shown);
  }

  @Test
  void noneShowsNothing() {
    assertEquals("", shown(ProgressMode.NONE, true, transfer(1, OptionalLong.empty(), 9000)));
  }

  @Test
  void nothingIsDividedByZeroWhenTheTotalIsUnknownOrReached() {
    String shown =
        shown(
            ProgressMode.AUTO,
            true,
            transfer(0, OptionalLong.of(0), 0),
            transfer(5, OptionalLong.of(5), 0),
            new Progress(Phase.SYNC, 5, OptionalLong.of(5), Duration.ofSeconds(1)));
    assertTrue(shown.contains("100% 5 B of 5 B"), shown);
    assertTrue(shown.contains("making it durable, 5 B"), shown);
  }
}
