/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Function;

/** A monitor on a real socket that serves one client by a script, in a thread of its own. */
final class FakeQmpServer {
  static final String GREETING =
      "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 2, \"minor\": 0, \"major\": 10},"
          + " \"package\": \"Debian 1\"}, \"capabilities\": [\"oob\"]}}\r\n";

  private final ServerSocketChannel listener;
  private final Thread thread;
  private volatile Throwable failure;
  private volatile boolean closing;

  interface Script {
    void run(Peer client) throws Exception;
  }

  interface Body {
    void run() throws Exception;
  }

  /** The client, seen from the monitor. */
  static final class Peer {
    private final SocketChannel channel;
    private final BufferedReader reader;

    private Peer(SocketChannel channel) {
      this.channel = channel;
      this.reader =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
    }

    void send(String text) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    /** The next command, or null if the client has gone. */
    JsonObject next() throws IOException {
      String line = reader.readLine();
      return line == null ? null : JsonParser.parseString(line).getAsJsonObject();
    }

    JsonObject expect(String command) throws IOException {
      JsonObject received = next();
      if (received == null || !command.equals(received.get("execute").getAsString())) {
        throw new AssertionError("expected " + command + " but received " + received);
      }
      return received;
    }

    void answer(JsonObject command, String value) throws IOException {
      send("{\"return\": " + value + ", \"id\": " + command.get("id") + "}\r\n");
    }

    void refuse(JsonObject command, String errorClass, String description) throws IOException {
      send(refusal(command, errorClass, description));
    }

    static String refusal(JsonObject command, String errorClass, String description) {
      JsonObject error = new JsonObject();
      error.addProperty("class", errorClass);
      error.addProperty("desc", description);
      JsonObject whole = new JsonObject();
      whole.add("id", command.get("id"));
      whole.add("error", error);
      return whole + "\r\n";
    }

    /** Greets and takes the negotiation. */
    void greet() throws IOException {
      send(GREETING);
      answer(expect("qmp_capabilities"), "{}");
    }

    /** Answers until the client goes. */
    void serve(Function<JsonObject, String> answers) throws IOException {
      for (JsonObject command = next(); command != null; command = next()) {
        send(answers.apply(command));
      }
    }

    /** Waits until the client goes. */
    void untilEnd() throws IOException {
      while (reader.read() >= 0) {
        continue;
      }
    }
  }

  private FakeQmpServer(Path path, Script script) throws IOException {
    listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(path), 1);
    thread =
        new Thread(
            () -> {
              try (SocketChannel client = listener.accept()) {
                script.run(new Peer(client));
              } catch (Throwable e) {
                failure = closing ? null : e;
              }
            },
            "fake QMP");
    thread.setDaemon(true);
    thread.start();
  }

  /** Serves one client for the time of the body, and fails if the script does. */
  static void during(Path path, Script script, Body body) throws Exception {
    FakeQmpServer server = new FakeQmpServer(path, script);
    try {
      body.run();
    } finally {
      server.stop();
    }
    if (server.failure != null) {
      throw new AssertionError("the script failed", server.failure);
    }
  }

  /** Waits for the end of the script, which the end of the client brings about. */
  private void stop() throws Exception {
    thread.join(2000);
    closing = true;
    listener.close();
    thread.interrupt();
    thread.join(5000);
  }
}
