/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.system.Connection;
import org.stillframe.system.Descriptor;

/**
 * One client of one monitor: commands out, answers and events in. Not thread-safe.
 *
 * <p>Commands carry numbers, so that the late answer to one that was given up is known and dropped.
 */
final class QmpClient implements AutoCloseable {
  /** The longest answer known, that of {@code query-qmp-schema}, has about 250 kB. */
  static final int LINE_LIMIT = 16 << 20;

  private static final int EVENTS_KEPT = 4096;

  /** How soon an interrupted thread notices, and how often patience is asked, in milliseconds. */
  private static final int SLICE = 50;

  /** The command after which things are put in order. */
  private static final String GIVE_UP = "migrate_cancel";

  private final Qmp address;
  private final Connection connection;
  private final Duration timeout;
  private final QmpLines lines;
  private final QmpFailures failures;
  private final Deque<GuestEvent> events = new ArrayDeque<>();
  private long lastId;
  private IOException broken;
  private Patience patience;
  private long asked;

  /** {@code timeout} is for every command. Takes over the connection. */
  QmpClient(Qmp address, Connection connection, Duration timeout) {
    this(address, connection, timeout, Patience.NONE);
  }

  /** {@code patience} is asked during interruptible commands, until it has ended one of them. */
  QmpClient(Qmp address, Connection connection, Duration timeout, Patience patience) {
    this.patience = patience;
    this.address = address;
    this.connection = connection;
    this.timeout = timeout;
    this.lines = new QmpLines(connection, LINE_LIMIT);
    this.failures = new QmpFailures(address);
  }

  Qmp address() {
    return address;
  }

  /** Whether the connection still stands, as far as is known. */
  boolean connected() {
    return broken == null;
  }

  /**
   * Takes QEMU's greeting and leaves the negotiation, after which commands are accepted.
   *
   * @param time what the deadline was made of, for the message
   */
  QemuVersion greet(Deadline deadline, Duration time) throws StillframeException {
    Patience waiting = interruptible("the greeting");
    Optional<String> line = nextLine("the greeting", deadline, waiting);
    if (line.isEmpty()) {
      throw lines.partial().isEmpty() ? failures.silent(time) : failures.notQmp(lines.partial());
    }
    JsonObject greeting;
    try {
      greeting = QmpJson.object(line.get());
    } catch (IOException e) {
      throw failures.notQmp(line.get());
    }
    if (!greeting.has("QMP")) {
      throw failures.notQmp(line.get());
    }
    QemuVersion version = QemuVersion.of(new QmpAnswer(address, "the greeting", greeting));
    send("qmp_capabilities", new JsonObject(), null, deadline, waiting);
    await("qmp_capabilities", deadline, time, waiting);
    return version;
  }

  /** Sends a command and waits for its answer. */
  QmpAnswer execute(String command, JsonObject arguments) throws StillframeException {
    return execute(command, arguments, null, interruptible(command));
  }

  /** Sends a command together with a descriptor, which stays open here. */
  QmpAnswer execute(String command, JsonObject arguments, Descriptor passed)
      throws StillframeException {
    return execute(command, arguments, passed, interruptible(command));
  }

  /**
   * Sends a command together with a descriptor, which stays open here, and waits for its answer,
   * whether the thread is interrupted or not.
   */
  QmpAnswer executeUninterrupted(String command, JsonObject arguments, Descriptor passed)
      throws StillframeException {
    return execute(command, arguments, passed, Patience.NONE);
  }

  /** Sends a command and waits for its answer, whether the thread is interrupted or not. */
  QmpAnswer executeUninterrupted(String command, JsonObject arguments) throws StillframeException {
    if (command.equals(GIVE_UP)) {
      patience = Patience.NONE;
    }
    return execute(command, arguments, null, Patience.NONE);
  }

  private QmpAnswer execute(
      String command, JsonObject arguments, Descriptor passed, Patience waiting)
      throws StillframeException {
    waiting.check();
    Deadline deadline = Deadline.after(timeout);
    send(command, arguments, passed, deadline, waiting);
    return await(command, deadline, timeout, waiting);
  }

  /**
   * For one command: the thread's interrupts and, unless the answer comes at once, the patience.
   */
  private Patience interruptible(String doing) {
    asked = System.nanoTime();
    return () -> {
      checkInterrupt(doing);
      long now = System.nanoTime();
      if (now - asked >= SLICE * 1_000_000L) {
        asked = now;
        // Once it has ended a wait it is not asked again: what follows puts things in order.
        Patience once = patience;
        patience = Patience.NONE;
        once.check();
        patience = once;
      }
    };
  }

  private void checkInterrupt(String doing) throws StillframeException {
    if (Thread.currentThread().isInterrupted()) {
      throw failures.interrupted(doing);
    }
  }

  private void send(
      String command, JsonObject arguments, Descriptor passed, Deadline deadline, Patience waiting)
      throws StillframeException {
    checkBroken(command);
    JsonObject message = new JsonObject();
    message.addProperty("execute", command);
    message.add("arguments", arguments);
    message.addProperty("id", ++lastId);
    try {
      lines.send(message.toString(), passed, deadline, waiting);
    } catch (IOException e) {
      throw lost(command, e);
    }
  }

  private QmpAnswer await(String command, Deadline deadline, Duration time, Patience waiting)
      throws StillframeException {
    do {
      Optional<JsonObject> received = nextMessage(command, deadline, waiting);
      if (received.isPresent() && isAnswer(received.get(), command)) {
        return answer(received.get(), command);
      }
    } while (!deadline.passed());
    throw failures.unanswered(command, time);
  }

  /** The oldest event that was not asked for yet, if there is one within the time. */
  Optional<GuestEvent> awaitEvent(Duration time) throws StillframeException {
    Deadline deadline = Deadline.after(time);
    Patience waiting = () -> checkInterrupt("awaiting an event");
    boolean more = true;
    while (events.isEmpty() && more) {
      more = !deadline.passed();
      // Anything but an event is the late answer to a command that was given up.
      Optional<JsonObject> received = nextMessage("awaiting an event", deadline, waiting);
      if (received.isPresent()) {
        isAnswer(received.get(), "awaiting an event");
      }
    }
    return Optional.ofNullable(events.poll());
  }

  /** Whether a message answers the last command. Keeps it if it is an event. */
  private boolean isAnswer(JsonObject message, String doing) throws GuestException {
    if (message.has("event")) {
      if (events.size() == EVENTS_KEPT) {
        events.remove();
      }
      events.add(GuestEvent.of(new QmpAnswer(address, "an event", message)));
      return false;
    }
    JsonElement id = message.get("id");
    if (id == null) {
      // A command that QEMU cannot parse is answered with an error that has no id.
      if (message.has("error")) {
        return true;
      }
    } else if (id.isJsonPrimitive() && id.getAsJsonPrimitive().isNumber()) {
      return id.equals(new JsonPrimitive(lastId));
    }
    throw lost(doing, new IOException("its answer belongs to no command: " + shown(message)));
  }

  private QmpAnswer answer(JsonObject message, String command) throws GuestException {
    if (message.has("return")) {
      return new QmpAnswer(address, "the answer to " + command, message.get("return"));
    }
    QmpAnswer whole = new QmpAnswer(address, "the answer to " + command, message);
    Optional<QmpAnswer> error = whole.member("error");
    if (error.isEmpty()) {
      throw lost(command, new IOException("its answer is neither result nor error"));
    }
    throw new QmpError(address, command, error.get().text("class"), error.get().text("desc"));
  }

  private Optional<JsonObject> nextMessage(String doing, Deadline deadline, Patience waiting)
      throws StillframeException {
    Optional<String> line = nextLine(doing, deadline, waiting);
    if (line.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(QmpJson.object(line.get()));
    } catch (IOException e) {
      throw lost(doing, e);
    }
  }

  private Optional<String> nextLine(String doing, Deadline deadline, Patience waiting)
      throws StillframeException {
    checkBroken(doing);
    boolean last;
    do {
      waiting.check();
      last = deadline.passed();
      try {
        Optional<String> line = lines.next(deadline.millis(SLICE));
        if (line.isPresent()) {
          return line;
        }
      } catch (IOException e) {
        throw lost(doing, e);
      }
    } while (!last);
    return Optional.empty();
  }

  private void checkBroken(String doing) throws GuestException {
    if (broken != null) {
      throw failures.lost(doing, broken);
    }
  }

  private GuestException lost(String doing, IOException e) {
    broken = e;
    return failures.lost(doing, e);
  }

  private static String shown(JsonObject message) {
    return QmpJson.beginning(message.toString());
  }

  /** Closes the connection; QEMU then serves the next client. */
  @Override
  public void close() {
    if (broken == null) {
      broken = new IOException("the connection was closed here");
    }
    try {
      connection.close();
    } catch (IOException e) {
      // The descriptor is free in any case, and nothing was waiting to be written.
      broken.addSuppressed(e);
    }
  }
}
