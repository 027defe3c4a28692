/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.stillframe.spi.MigrationBackend;

/** The command as it is installed: its own launcher, over the classes of this build. */
final class InstalledCommand {
  private final Path home;
  private String options = "";

  /** Installs it. */
  InstalledCommand(Path home) throws IOException {
    this.home = home;
    Files.createDirectories(home.resolve("bin"));
    Files.createDirectories(home.resolve("lib"));
    Files.createDirectories(home.resolve("plugins"));
    Files.copy(
        Path.of("src/main/dist/plugins/README.md"), home.resolve("plugins").resolve("README.md"));
    Files.copy(Path.of("src/main/dist/bin/stillframe"), home.resolve("bin/stillframe"));
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath());
    Path jar = home.resolve("lib/stillframe-assembly.jar");
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
  }

  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(":"))
        .map(entry -> Path.of(entry).toUri())
        .map(URI::toString)
        .collect(Collectors.joining(" "));
  }

  Path home() {
    return home;
  }

  /** Adds options to the JVM, as an operator can. */
  void options(String more) {
    options = more;
  }

  /** A folder among its plugins. */
  Path plugin(String name) throws IOException {
    return Files.createDirectories(home.resolve("plugins").resolve(name));
  }

  /** Packs a jar with classes of ours, and with a service file that declares what it is told to. */
  static Path jar(Path jar, String declared, Class<?>... classes) throws IOException {
    return jar(jar, declared, bytes -> bytes, classes);
  }

  static Path jar(Path jar, String declared, UnaryOperator<byte[]> change, Class<?>... classes)
      throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Class<?> type : classes) {
        String entry = type.getName().replace('.', '/') + ".class";
        try (InputStream in = type.getClassLoader().getResourceAsStream(entry)) {
          put(out, entry, change.apply(in.readAllBytes()));
        }
      }
      if (declared != null) {
        String entry = "META-INF/services/" + MigrationBackend.class.getName();
        put(out, entry, declared.getBytes(StandardCharsets.UTF_8));
      }
    }
    return jar;
  }

  private static void put(JarOutputStream out, String name, byte[] bytes) throws IOException {
    out.putNextEntry(new ZipEntry(name));
    ((OutputStream) out).write(bytes);
    out.closeEntry();
  }

  /** Runs it, bound by the permissions of files as an ordinary user is, even if this is root. */
  CommandRun run(Object... arguments) throws IOException, InterruptedException {
    return shell("", with(arguments, home.resolve("bin/stillframe")));
  }

  /** As {@link #run}, with a jar, or several with colons between, added to the class path. */
  CommandRun runWith(Object jars, Object... arguments) throws IOException, InterruptedException {
    return shell(jars.toString(), with(arguments, home.resolve("bin/stillframe")));
  }

  /** As {@link #run}, by a script for sh, whose first argument is the path of the command. */
  CommandRun script(Path script, Object... arguments) throws IOException, InterruptedException {
    return shell("", with(arguments, script, home.resolve("bin/stillframe")));
  }

  private static Object[] with(Object[] arguments, Object... before) {
    return Stream.of(before, arguments).flatMap(Arrays::stream).toArray();
  }

  private CommandRun shell(String jars, Object... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search"));
      command.add("--inh-caps=-dac_override,-dac_read_search");
    }
    command.add("sh");
    command.addAll(List.of(CommandRun.texts(arguments)));
    Path out = home.resolve("out");
    Path err = home.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    // Services, and shells on hosts that lack the user's language, bring no better locale.
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("STILLFRAME_CLASSPATH", jars);
    builder.environment().put("STILLFRAME_OPTS", options);
    builder.environment().put("STILLFRAME_JAVA", System.getProperty("java.home") + "/bin/java");
    Process process = builder.start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the command does not end; so far: " + Files.readString(err));
    }
    return new CommandRun(process.exitValue(), Files.readString(out), Files.readString(err));
  }
}
