/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jnr.constants.platform.Errno;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.TargetKind;
import org.stillframe.system.Connection;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;

/** A small QEMU of our own, ended with the test. */
final class QemuProcess implements AutoCloseable {
  private final Process process;
  private final Path socket;
  private final Path log;
  private final SystemCalls system = new SystemCalls();
  private final Sockets sockets = new Sockets(system);

  /** Starts the QEMU that an environment variable names, and waits until it listens. */
  QemuProcess(String variable, Path directory, String name, String... arguments) throws Exception {
    String program = System.getenv(variable);
    if (program == null || program.isEmpty()) {
      throw new IllegalStateException(
          variable + " must name a QEMU: run these tests with tools/test");
    }
    socket = directory.resolve(name + ".qmp");
    log = directory.resolve(name + ".log");
    List<String> command = new ArrayList<>(List.of(program, "-nodefaults", "-display", "none"));
    command.addAll(List.of("-m", "32", "-qmp", "unix:" + socket + ",server=on,wait=off"));
    command.addAll(List.of(arguments));
    process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!listens()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        process.destroyForcibly();
        throw new IllegalStateException(command + " does not listen: " + Files.readString(log));
      }
      Thread.sleep(20);
    }
  }

  /** The path is there a moment before anybody listens; only a connection tells. */
  private boolean listens() throws IOException {
    try (Descriptor connected = sockets.tryConnect(socket)) {
      return connected != null;
    } catch (SystemCallException e) {
      if (e.errno() == Errno.ENOENT.intValue() || e.errno() == Errno.ECONNREFUSED.intValue()) {
        return false;
      }
      throw e;
    }
  }

  Qmp address() {
    return Qmp.at(socket);
  }

  Guest connect() throws Exception {
    return new QmpGuestConnector(system, sockets).connect(address(), Duration.ofSeconds(30));
  }

  /** A client for what {@link Guest} does not offer. Nobody else may be connected. */
  QmpClient client() throws Exception {
    Descriptor connected = sockets.tryConnect(socket);
    Duration time = Duration.ofSeconds(30);
    QmpClient client =
        new QmpClient(address(), new Connection(system, connected, TargetKind.SOCKET), time);
    client.greet(Deadline.after(time), time);
    return client;
  }

  /** What a QEMU says of all its migration settings. */
  static List<String> settings(QmpClient client) throws Exception {
    return List.of(
        client.execute("query-migrate-capabilities", new JsonObject()).value().toString(),
        client.execute("query-migrate-parameters", new JsonObject()).value().toString());
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
