/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.testguest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A QEMU that a test has started. Its serial line and its own messages go to files in a directory
 * of the test. Every wait ends at once, with an {@link AssertionError}, when QEMU has ended or the
 * guest reports wrong memory. {@link #close} kills it.
 */
public final class QemuProcess implements AutoCloseable {
  private static final Duration START_TIME = Duration.ofSeconds(20);
  private static final Duration ROUNDS_TIME = Duration.ofMinutes(2);
  private static final Pattern GOOD = Pattern.compile("^ok [0-9A-F]{8}\n", Pattern.MULTILINE);
  private static final Pattern BAD = Pattern.compile("^BAD [0-9A-F]{16}", Pattern.MULTILINE);

  private final Process process;
  private final Path serial;
  private final Path stderr;
  private final Path qmpSocket;
  private final List<String> command;

  private QemuProcess(
      Process process, Path serial, Path stderr, Path qmpSocket, List<String> command) {
    this.process = process;
    this.serial = serial;
    this.stderr = stderr;
    this.qmpSocket = qmpSocket;
    this.command = command;
  }

  /**
   * Returns a builder of a QEMU.
   *
   * @param binary QEMU, usually of {@link QemuVersions}
   * @param directory where its files go; two running QEMUs need two directories
   */
  public static QemuBuilder builder(Path binary, Path directory) {
    return new QemuBuilder(binary, directory);
  }

  static QemuProcess start(List<String> command, Path serial, Path stderr, Path qmpSocket)
      throws IOException {
    Files.deleteIfExists(serial);
    Files.deleteIfExists(qmpSocket);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(stderr.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    QemuProcess qemu = new QemuProcess(process, serial, stderr, qmpSocket, command);
    try {
      qemu.await("QMP socket", START_TIME, () -> listens(qmpSocket));
    } catch (AssertionError | RuntimeException e) {
      qemu.close();
      throw e;
    }
    return qemu;
  }

  /** Waits until a text is on the serial line. */
  public void awaitSerial(String text, Duration atMost) {
    await('"' + text + '"', atMost, () -> serialText().contains(text));
  }

  /** Waits until something on the serial line matches. */
  public void awaitSerial(Pattern pattern, Duration atMost) {
    await("/" + pattern + "/", atMost, () -> pattern.matcher(serialText()).find());
  }

  /** Waits, two minutes at most, for as many more rounds without a wrong word. */
  public void awaitVerifiedRounds(int rounds) {
    awaitVerifiedRounds(rounds, ROUNDS_TIME);
  }

  /**
   * Waits for as many more rounds without a wrong word. The round that is under way counts as one,
   * so it takes two to know that every word was verified after the call.
   */
  public void awaitVerifiedRounds(int rounds, Duration atMost) {
    long wanted = verifiedRounds() + rounds;
    await(rounds + " verified rounds", atMost, () -> verifiedRounds() >= wanted);
  }

  /** Returns how many rounds without a wrong word this QEMU has seen. */
  public long verifiedRounds() {
    return GOOD.matcher(serialText()).results().count();
  }

  /** Returns all that the guest has printed in this QEMU. */
  public String serialText() {
    return read(serial);
  }

  /** Returns all that QEMU itself has printed. */
  public String stderrText() {
    return read(stderr);
  }

  /** Returns where the QMP monitor listens. It serves one client at a time. */
  public Path qmpSocket() {
    return qmpSocket;
  }

  /** Returns the command line that QEMU was started with. */
  public List<String> command() {
    return command;
  }

  /** Returns whether QEMU runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Returns the number of the process. */
  public long pid() {
    return process.pid();
  }

  /** Waits until QEMU has ended by itself and returns its exit status. */
  public int awaitExit(Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (process.isAlive()) {
      if (System.nanoTime() - deadline > 0) {
        throw failure("QEMU has not ended within " + atMost);
      }
      pause();
    }
    return process.exitValue();
  }

  /** Kills QEMU and waits for its end. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }

  private void await(String what, Duration atMost, BooleanSupplier reached) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      // Asked first: what was printed just before the end must still be seen.
      boolean alive = process.isAlive();
      Matcher bad = BAD.matcher(serialText());
      if (bad.find()) {
        throw failure("the guest has found wrong memory: " + bad.group());
      }
      if (reached.getAsBoolean()) {
        return;
      }
      if (!alive) {
        throw failure("QEMU has ended with status " + process.exitValue() + " before " + what);
      }
      if (System.nanoTime() - deadline > 0) {
        throw failure("no " + what + " within " + atMost);
      }
      pause();
    }
  }

  private AssertionError failure(String message) {
    return new AssertionError(
        String.format(
            "%s%nend of the serial line: %s%nQEMU's messages: %s%ncommand: %s",
            message, tail(serialText()), tail(stderrText()), String.join(" ", command)));
  }

  // The file of a socket is there before connections are possible.
  private static boolean listens(Path socket) {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return channel.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static String tail(String text) {
    return text.substring(Math.max(0, text.length() - 1000)).strip();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for QEMU", e);
    }
  }
}
