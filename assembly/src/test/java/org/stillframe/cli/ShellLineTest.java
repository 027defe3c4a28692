/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShellLineTest {
  @Test
  void aShellTakesItApartAgain() throws Exception {
    List<String> words =
        List.of("-m", "256M", "a b", "it's", "", "$HOME `x` \\ \"", "*", "a,,b", "two\nlines", "ü");
    String line = ShellLine.of(words);
    Process shell =
        new ProcessBuilder("sh", "-c", "printf '%s\\0' " + line)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    byte[] printed = shell.getInputStream().readAllBytes();
    assertEquals(
        String.join("\0", words) + "\0", new String(printed, StandardCharsets.UTF_8), line);
  }

  @Test
  void whatNeedsNoQuotesHasNone() {
    assertEquals(
        "-object a=/b.c:1,,2 'x y'", ShellLine.of(List.of("-object", "a=/b.c:1,,2", "x y")));
  }
}
