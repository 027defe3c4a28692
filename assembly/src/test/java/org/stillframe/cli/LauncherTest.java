/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.stillframe.storage.SampleStream;

/** What the launcher sees to: names of files in the locale C. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LauncherTest {
  private static final String LETTERS = "ä 像";

  @TempDir Path directory;
  private InstalledCommand command;
  private Path stream;

  @BeforeEach
  void install() throws Exception {
    command = new InstalledCommand(directory.resolve("home"));
    stream = Files.write(directory.resolve("stream"), SampleStream.of(1, 500));
  }

  @Test
  void namesOfFilesMayHaveLettersWhateverTheLocale() throws Exception {
    Path there = Files.createDirectory(directory.resolve(LETTERS)).resolve(LETTERS);
    command
        .run("convert", stream, there, "--format", "stream")
        .done()
        .printed("into file:" + there);
    assertArrayEquals(Files.readAllBytes(stream), Files.readAllBytes(there));
    command.run("inspect", there).done().printed("file:" + there + ": whole");
    command.run("inspect", there + "ö").failed(3, there + "ö: open: No such file");
  }

  @Test
  void aNameThatIsNotUtf8IsRefused() throws Exception {
    Path script = directory.resolve("script");
    Files.writeString(script, "exec sh \"$1\" convert \"$2\" \"$3/$(printf 'x\\344')\"\n");
    command
        .script(script, stream, directory)
        .failed(2, "target '" + directory, "UTF-8", "pass it as fd:N");
  }
}
