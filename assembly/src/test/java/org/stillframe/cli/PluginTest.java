/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.stillframe.cli.PluginSamples.Future;
import org.stillframe.cli.PluginSamples.Greedy;
import org.stillframe.cli.PluginSamples.Impostor;
import org.stillframe.cli.PluginSamples.Late;
import org.stillframe.cli.PluginSamples.Mistaken;
import org.stillframe.cli.PluginSamples.Nameless;
import org.stillframe.cli.PluginSamples.Sound;
import org.stillframe.cli.PluginSamples.Twin;
import org.stillframe.cli.PluginSamples.Unlinked;
import org.stillframe.cli.PluginSamples.Unwilling;

/** Jars that are dropped in: what is used, and what is refused in one line that names it. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PluginTest {
  private static final String OPENED = "the sample opens nothing; context is its own: true";

  @TempDir Path directory;
  private InstalledCommand command;
  private Path image;

  @BeforeEach
  void install() throws Exception {
    // A path that must be quoted.
    command = new InstalledCommand(directory.resolve("still frame"));
    image = Files.writeString(directory.resolve("no.image"), "x");
  }

  private Path plugin(String folder, Class<?> type) throws Exception {
    Path jar = command.plugin(folder).resolve("backend.jar");
    return InstalledCommand.jar(jar, type.getName(), Sound.class, type);
  }

  private CommandRun inspect(Object... options) throws Exception {
    Object[] arguments = new Object[options.length + 2];
    arguments[0] = "inspect";
    arguments[1] = image;
    System.arraycopy(options, 0, arguments, 2, options.length);
    return command.run(arguments);
  }

  /** Requires one line, status 2, and each of these texts. */
  private static void refused(CommandRun run, Object... texts) {
    assertEquals(1, run.err().lines().count(), () -> "not one line: " + run.err());
    assertEquals(2, run.status(), run.err());
    assertTrue(run.err().matches("stillframe: [^:].*: .+; .+\n"), run.err());
    for (Object text : texts) {
      assertTrue(run.err().contains(text.toString()), () -> "no " + text + " in: " + run.err());
    }
  }

  @Test
  void withoutAnyTheNamesOfThoseThereAreAreListed() throws Exception {
    refused(inspect("-Dstillframe.backend=nope"), "backend 'nope'", "choose one of", "posix");
  }

  @Test
  void aPluginWinsByRankIsListedAndLosesToAForcedOne() throws Exception {
    InstalledCommand.jar(
        command.plugin("sample").resolve("s.jar"), Sound.class.getName(), Sound.class);
    inspect().failed(3, image, OPENED);
    inspect("-Dstillframe.backend=sample").failed(3, image, OPENED);
    refused(inspect("-Dstillframe.backend=nope"), "posix", "sample");
    inspect("--backend", "posix").failed(1, image);
    inspect("-Dstillframe.plugins=").failed(1, image);
  }

  @Test
  void aMistakeEndsTheCommandWithItsLastWord() throws Exception {
    plugin("sample", Mistaken.class);
    inspect().failed(70, "defect of this program", "never thought of", "--debug");
  }

  @Test
  void onTheClassPathItIsFoundAsWell() throws Exception {
    Path jar = directory.resolve("s.jar");
    InstalledCommand.jar(jar, Twin.class.getName(), Sound.class, Twin.class);
    command.runWith(jar, "inspect", image).failed(3, image, "the sample opens nothing");
  }

  @Test
  void whatIsNoPluginIsPassedOver() throws Exception {
    Files.writeString(command.plugin(".hidden").resolve("x.jar"), "no jar");
    Files.writeString(command.home().resolve("plugins/notes.txt"), "mine");
    inspect().failed(1, image);
  }

  @Test
  void anotherDirectory() throws Exception {
    Path other = Files.createDirectories(directory.resolve("other/sample")).getParent();
    InstalledCommand.jar(other.resolve("sample/s.jar"), Sound.class.getName(), Sound.class);
    inspect("-Dstillframe.plugins=" + other).failed(3, OPENED);
    refused(
        inspect("-Dstillframe.plugins=" + directory + "/none"),
        "/none",
        "No such file or directory");
    refused(inspect("-Dstillframe.plugins=" + image), image, "Not a directory");
  }

  @Test
  void folderWithoutAJar() throws Exception {
    Path made = command.plugin("empty");
    refused(inspect(), made, "it holds no jar");
  }

  @Test
  void jarWithoutAFolder() throws Exception {
    Path jar = command.home().resolve("plugins/s.jar");
    InstalledCommand.jar(jar, Sound.class.getName(), Sound.class);
    refused(inspect(), jar, "a folder of its own", "plugins/s/");
  }

  @Test
  void linkToNothing() throws Exception {
    Path link = command.home().resolve("plugins/gone");
    Files.createSymbolicLink(link, directory.resolve("nowhere"));
    refused(inspect(), link, "leads nowhere");
  }

  @Test
  void folderWithoutAProvider() throws Exception {
    InstalledCommand.jar(command.plugin("bare").resolve("b.jar"), null, Sound.class);
    refused(inspect(), "plugins/bare", "META-INF/services/org.stillframe.spi.MigrationBackend");
  }

  @Test
  void twoOfOneNameInAFolder() throws Exception {
    Path jar = command.plugin("both").resolve("b.jar");
    String declared = Sound.class.getName() + "\n" + Twin.class.getName() + "\n";
    InstalledCommand.jar(jar, declared, Sound.class, Twin.class);
    refused(inspect(), "backend 'sample'", jar, "the name is taken by");
  }

  @Test
  void twoVersionsOfAJarInAFolder() throws Exception {
    for (String name : new String[] {"s-1.jar", "s-2.jar"}) {
      InstalledCommand.jar(command.plugin("s").resolve(name), Sound.class.getName(), Sound.class);
    }
    refused(inspect(), Sound.class.getName(), "s/s-1.jar", "s/s-2.jar");
  }

  @Test
  void twoOfOneNameInTwoFolders() throws Exception {
    Path first = plugin("a", Twin.class);
    Path second = plugin("b", Twin.class);
    refused(inspect(), "backend 'sample'", first, second);
  }

  @Test
  void aNameThatTheClassPathHas() throws Exception {
    Path made = plugin("p", Impostor.class);
    refused(inspect(), made, "backend 'posix'", "PosixBackend in ");
  }

  @Test
  void providerThatIsMissing() throws Exception {
    Path jar = command.plugin("gone").resolve("g.jar");
    InstalledCommand.jar(jar, "com.example.Gone", Sound.class);
    refused(inspect(), "Provider com.example.Gone not found", jar);
    command.plugin("gone").resolve("g.jar").toFile().delete();
    command.plugin("gone").toFile().delete();
    Path onPath = InstalledCommand.jar(directory.resolve("g.jar"), "com.example.Gone");
    CommandRun run = command.runWith(onPath, "inspect", image);
    refused(run, "class path", "Provider com.example.Gone not found", onPath);
  }

  @Test
  void providerThatIsNoBackend() throws Exception {
    Path jar = command.plugin("odd").resolve("o.jar");
    InstalledCommand.jar(jar, PluginSamples.class.getName(), PluginSamples.class);
    refused(inspect(), "PluginSamples not a subtype", jar);
  }

  @Test
  void constructorThatThrows() throws Exception {
    Path made = plugin("u", Unwilling.class);
    refused(inspect(), made, "IllegalStateException: not today");
  }

  @Test
  void libraryThatIsMissingAtConstruction() throws Exception {
    Path made = plugin("u", Unlinked.class);
    refused(inspect(), made, "stillframe-nowhere", "install the native library");
  }

  @Test
  void libraryThatIsMissingLater() throws Exception {
    Path made = plugin("u", Nameless.class);
    refused(inspect(), made, "cannot say what it is", "stillframe-nowhere");
    made = plugin("u", Late.class);
    refused(inspect(), made, "cannot open file:" + image, "stillframe-nowhere");
  }

  @Test
  void aLibraryOfTheApplicationIsNotThereForAPlugin() throws Exception {
    Path jar = plugin("g", Greedy.class);
    refused(inspect(), jar, "no answer for", "NoClassDefFoundError: com/google/gson/Gson");
  }

  @Test
  void anotherVersionOfTheInterface() throws Exception {
    Path made = plugin("f", Future.class);
    refused(inspect(), made, "version 2 of the backend interface");
  }

  @Test
  void aJarForANewerJava() throws Exception {
    Path jar = command.plugin("new").resolve("n.jar");
    InstalledCommand.jar(
        jar,
        Sound.class.getName(),
        bytes -> {
          bytes[7] = 99;
          return bytes;
        },
        Sound.class);
    refused(inspect(), jar, "class file version 99", "newer Java");
  }

  @ParameterizedTest
  @CsvSource({"---------, Permission denied", "rw-r--r--, cannot be opened"})
  void aJarThatCannotBeRead(String permissions, String words) throws Exception {
    Path jar = Files.writeString(command.plugin("c").resolve("c.jar"), "no jar");
    Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString(permissions));
    refused(inspect(), "plugins/c", "c.jar", words);
  }

  @ParameterizedTest
  @CsvSource({"plugins", "plugins/s"})
  void aDirectoryThatCannotBeRead(String name) throws Exception {
    plugin("s", Twin.class);
    Path closed = command.home().resolve(name);
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("--x--x--x"));
    try {
      refused(inspect(), closed, "Permission denied");
    } finally {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }
  }
}
