/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.testguest;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.StringJoiner;

/**
 * As much of QMP as tests need to look at a QEMU; independent of the code under test. QEMU serves
 * one client of a socket at a time, so close it before the command is to have that socket.
 */
public final class Monitor implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final SocketChannel channel;
  private final BufferedReader reader;

  /** Connects to the QMP socket. */
  public Monitor(Path socket) throws IOException {
    channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    reader = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    execute("{'execute':'qmp_capabilities'}");
  }

  /**
   * Carries out one command and returns what it returned.
   *
   * @param command JSON, in which ' may stand for "
   */
  public JsonElement execute(String command) throws IOException {
    channel.write(
        ByteBuffer.wrap((command.replace('\'', '"') + "\n").getBytes(StandardCharsets.UTF_8)));
    while (true) {
      String line = reader.readLine();
      if (line == null) {
        throw new IOException("QEMU has closed the monitor");
      }
      JsonObject answer = JsonParser.parseString(line).getAsJsonObject();
      if (answer.has("error")) {
        throw new AssertionError("QEMU refused " + command + ": " + line);
      }
      if (answer.has("return")) {
        return answer.get("return");
      }
    }
  }

  /** Switches migration capabilities on. */
  public void switchOn(String... capabilities) throws IOException {
    StringJoiner list = new StringJoiner(",");
    for (String name : capabilities) {
      list.add("{'capability':'" + name + "','state':true}");
    }
    execute("{'execute':'migrate-set-capabilities','arguments':{'capabilities':[" + list + "]}}");
  }

  /** Starts an outgoing migration, which stops the guest at the first chance. */
  public void migrate(String uri) throws IOException {
    // A guest that writes faster than QEMU sends would never be done.
    execute("{'execute':'migrate-set-parameters','arguments':{'downtime-limit':2000000}}");
    execute("{'execute':'migrate','arguments':{'uri':'" + uri + "'}}");
  }

  /** The guest's status, in QEMU's word. */
  public String status() throws IOException {
    return member("{'execute':'query-status'}");
  }

  /** The migration's status, in QEMU's word; empty if there was none. */
  public String migrationStatus() throws IOException {
    return member("{'execute':'query-migrate'}");
  }

  /** Waits until the guest's status is this. */
  public void awaitStatus(String wanted) throws IOException {
    await("{'execute':'query-status'}", wanted);
  }

  /** Waits until the migration's status is this. */
  public void awaitMigration(String wanted) throws IOException {
    await("{'execute':'query-migrate'}", wanted);
  }

  private void await(String command, String wanted) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!member(command).equals(wanted)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not '" + wanted + "' in time: " + execute(command));
      }
    }
  }

  private String member(String command) throws IOException {
    JsonElement status = execute(command).getAsJsonObject().get("status");
    return status == null ? "" : status.getAsString();
  }

  /** All migration capabilities and parameters, to be compared. */
  public String migrationSettings() throws IOException {
    return execute("{'execute':'query-migrate-capabilities'}")
        + " "
        + execute("{'execute':'query-migrate-parameters'}");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
