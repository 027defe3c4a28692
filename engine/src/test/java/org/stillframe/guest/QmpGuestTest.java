/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;

@Timeout(20)
class QmpGuestTest {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String RUNNING = "{\"status\": \"running\", \"running\": true}";

  private final SystemCalls system = new SystemCalls();
  private final Sockets sockets = new Sockets(system);

  @TempDir Path directory;

  private interface Use {
    void of(Guest guest) throws Exception;
  }

  private void with(Duration commandTimeout, FakeQmpServer.Script script, Use use)
      throws Exception {
    Path path = directory.resolve("qmp");
    Files.deleteIfExists(path);
    FakeQmpServer.during(
        path,
        client -> {
          client.greet();
          script.run(client);
        },
        () -> {
          try (Guest guest =
              new QmpGuestConnector(system, sockets, commandTimeout).connect(Qmp.at(path), LONG)) {
            use.of(guest);
          }
        });
  }

  private static GuestException fails(Executable call) {
    GuestException e = assertThrows(GuestException.class, call);
    assertEquals(ErrorCode.GUEST, e.code());
    return e;
  }

  @Test
  void anAnswerMayComeInPieces() throws Exception {
    with(
        LONG,
        client -> {
          JsonObject command = client.expect("query-status");
          client.send("{\"return\": {\"status\": \"pa");
          Thread.sleep(150);
          client.send("used\", \"running\": false, \"singlestep\": false}, \"id\": ");
          Thread.sleep(150);
          client.send(command.get("id") + "}\r");
          Thread.sleep(50);
          client.send("\n");
        },
        guest -> assertEquals(new GuestStatus("paused", false), guest.status()));
  }

  @Test
  void eventsBetweenAnswersAreKeptInOrder() throws Exception {
    with(
        LONG,
        client -> {
          JsonObject command = client.expect("query-status");
          client.send(
              "{\"timestamp\": {\"seconds\": 12, \"microseconds\": 34}, \"event\": \"MIGRATION\","
                  + " \"data\": {\"status\": \"setup\"}}\r\n{\"timestamp\": {\"seconds\": -1,"
                  + " \"microseconds\": -1}, \"event\": \"STOP\"}\r\n");
          client.answer(command, RUNNING);
          client.untilEnd();
        },
        guest -> {
          assertTrue(guest.status().running());
          assertEquals(
              Optional.of(
                  new GuestEvent(
                      "MIGRATION",
                      Optional.of(Instant.ofEpochSecond(12, 34_000)),
                      Optional.of("setup"))),
              guest.awaitEvent(Duration.ZERO));
          assertEquals(
              Optional.of(new GuestEvent("STOP", Optional.empty(), Optional.empty())),
              guest.awaitEvent(LONG));
          assertEquals(Optional.empty(), guest.awaitEvent(SHORT));
        });
  }

  @Test
  void oddEventsDoNoHarm() throws Exception {
    with(
        LONG,
        client -> {
          client.send("{\"event\": \"A\", \"data\": {\"status\": {\"x\": 1}}}\n");
          client.send(
              "{\"event\": \"B\", \"timestamp\": {\"seconds\": 9223372036854775807,"
                  + " \"microseconds\": 5000000}}\n");
          client.send("{\"event\": 3}\n");
          client.untilEnd();
        },
        guest -> {
          assertEquals(
              Optional.of(new GuestEvent("A", Optional.empty(), Optional.empty())),
              guest.awaitEvent(LONG));
          assertEquals(
              Optional.of(new GuestEvent("B", Optional.empty(), Optional.empty())),
              guest.awaitEvent(LONG));
          fails(() -> guest.awaitEvent(LONG));
        });
  }

  @Test
  void aRefusalHasQemusWordsAndClass() throws Exception {
    with(
        LONG,
        client -> client.refuse(client.expect("cont"), "CommandNotFound", "The command \"x\""),
        guest -> {
          QmpError e = assertThrows(QmpError.class, guest::resume);
          assertEquals("CommandNotFound", e.errorClass());
          assertEquals("The command \"x\"", e.why());
          assertEquals("QEMU at " + guest.address() + " refused cont", e.what());
        });
  }

  @Test
  void anEndInTheMiddleIsNamedAndStays() throws Exception {
    with(
        LONG,
        client -> {
          client.expect("stop");
          client.send("{\"return\": ");
        },
        guest -> {
          GuestException e = fails(guest::pause);
          assertEquals("it closed the connection", e.why());
          assertEquals("lost QEMU at " + guest.address() + " during stop", e.what());
          assertEquals("it closed the connection", fails(guest::status).why());
          fails(() -> guest.awaitEvent(LONG));
        });
  }

  @Test
  void noAnswerInTimeIsNamedAndALateOneIsDropped() throws Exception {
    with(
        SHORT,
        client -> {
          JsonObject first = client.expect("stop");
          JsonObject second = client.expect("query-status");
          client.refuse(first, "GenericError", "late");
          client.answer(second, RUNNING);
          client.untilEnd();
        },
        guest -> {
          GuestException e = fails(guest::pause);
          assertEquals("nothing came within 0.3 s", e.why());
          assertTrue(guest.status().running());
        });
  }

  @Test
  void aFloodOfEventsDoesNotOutrunTheDeadline() throws Exception {
    with(
        SHORT,
        client -> {
          client.expect("stop");
          try {
            while (true) {
              client.send("{\"event\": \"X\"}\n".repeat(100));
            }
          } catch (java.io.IOException gone) {
            return;
          }
        },
        guest -> {
          fails(guest::pause);
          assertEquals("X", guest.awaitEvent(Duration.ZERO).orElseThrow().name());
        });
  }

  @Test
  void aFloodOfLateAnswersDoesNotOutrunTheDeadline() throws Exception {
    with(
        LONG,
        client -> {
          try {
            while (true) {
              client.send("{\"return\": {}, \"id\": 0}\n".repeat(100));
            }
          } catch (java.io.IOException gone) {
            return;
          }
        },
        guest -> assertEquals(Optional.empty(), guest.awaitEvent(SHORT)));
  }

  @Test
  void garbageIsNamed() throws Exception {
    for (String line :
        List.of(
            "garbage",
            "\u0000\u0001",
            "[]",
            "null",
            "\"text\"",
            "{\"return\": {}} {}",
            "{\"return\": ",
            "{'return': {}}",
            "{\"id\": {}, \"return\": {}}",
            "{\"return\": {}}",
            "{\"a\": ".repeat(100_000))) {
      with(
          LONG,
          client -> {
            client.expect("stop");
            client.send(line + "\n");
            client.untilEnd();
          },
          guest -> {
            fails(guest::pause);
            fails(guest::status);
          });
    }
  }

  @Test
  void anAnswerOfAnotherShapeIsNamed() throws Exception {
    for (String value :
        List.of("[]", "3", "{}", "{\"status\": 3, \"running\": true}", "{\"status\": \"a\"}")) {
      with(
          LONG,
          client -> client.answer(client.expect("query-status"), value),
          guest -> assertTrue(fails(guest::status).what().contains("is not understood")));
    }
    for (String value :
        List.of(
            "{\"ram\": 1}",
            "{\"total-time\": \"x\"}",
            "{\"total-time\": 1.5}",
            "{\"blocked-reasons\": {}}",
            "{\"blocked-reasons\": [1]}")) {
      with(
          LONG,
          client -> client.answer(client.expect("query-migrate"), value),
          guest -> assertTrue(fails(guest::migration).what().contains("is not understood")));
    }
  }

  @Test
  void aLineWithoutEndIsRefused() throws Exception {
    with(
        LONG,
        client -> {
          client.expect("stop");
          try {
            String much = "x".repeat(1 << 20);
            for (int i = 0; i < 20; i++) {
              client.send(much);
            }
          } catch (java.io.IOException gone) {
            return;
          }
        },
        guest ->
            assertEquals("it sent a line of more than 16777216 bytes", fails(guest::pause).why()));
  }

  @Test
  void progressIsRead() throws Exception {
    with(
        LONG,
        client -> {
          client.answer(client.expect("query-migrate"), "{}");
          client.answer(
              client.expect("query-migrate"),
              "{\"blocked-reasons\": [\"no\"], \"status\": \"active\", \"total-time\": 5,"
                  + " \"ram\": {\"transferred\": 1, \"total\": 2, \"remaining\": 3,"
                  + " \"duplicate\": 4, \"normal\": 6, \"mbps\": 0.5}}");
          client.answer(
              client.expect("query-migrate"),
              "{\"status\": \"failed\", \"error-desc\": \"why\", \"downtime\": 7}");
        },
        guest -> {
          MigrationProgress none = guest.migration();
          assertEquals("none", none.status());
          assertFalse(none.isRunning() || none.isFinished());
          MigrationProgress active = guest.migration();
          assertEquals(
              new MigrationProgress("active", 1, 2, 3, 4, 6, 5, 0, Optional.empty(), List.of("no")),
              active);
          assertTrue(active.isRunning());
          MigrationProgress failed = guest.migration();
          assertTrue(failed.isFinished());
          assertEquals(Optional.of("why"), failed.errorDescription());
          assertEquals(7, failed.downtimeMillis());
        });
  }

  @Test
  void quitTakesTheEndAsSuccess() throws Exception {
    with(LONG, client -> client.expect("quit"), Guest::quit);
    with(LONG, client -> client.answer(client.expect("quit"), "{}"), Guest::quit);
    with(
        LONG,
        client -> client.refuse(client.expect("quit"), "GenericError", "no"),
        guest -> fails(guest::quit));
  }

  @Test
  void cleaningUpWorksInAnInterruptedThread() throws Exception {
    with(
        LONG,
        client -> {
          client.answer(client.expect("migrate_cancel"), "{}");
          client.answer(client.expect("cont"), "{}");
        },
        guest -> {
          Thread.currentThread().interrupt();
          try {
            assertThrows(CancelledException.class, guest::status);
            assertThrows(CancelledException.class, () -> guest.awaitEvent(LONG));
            guest.cancelMigration();
            guest.resume();
          } finally {
            assertTrue(Thread.interrupted());
          }
        });
  }

  @Test
  void aRefusedMigrationLeavesNoDescriptorAtQemu() throws Exception {
    with(
        LONG,
        client -> {
          JsonObject getfd = client.expect("getfd");
          client.answer(getfd, "{}");
          JsonObject migrate = client.expect("migrate");
          assertEquals("{\"uri\":\"fd:stillframe\"}", migrate.get("arguments").toString());
          client.refuse(migrate, "GenericError", "no");
          JsonObject closefd = client.expect("closefd");
          assertEquals(getfd.get("arguments"), closefd.get("arguments"));
          client.refuse(closefd, "GenericError", "File descriptor named 'x' not found");
        },
        guest -> {
          try (Descriptor fd = sockets.pair()[0]) {
            StillframeException e = fails(() -> guest.migrateTo(fd));
            assertEquals("no", e.why());
            assertEquals(0, e.getSuppressed().length);
          }
        });
  }

  @Test
  void loadingAsksToStayAndDoesWithoutWhereThatIsUnknown() throws Exception {
    with(
        LONG,
        client -> {
          client.answer(client.expect("getfd"), "{}");
          JsonObject first = client.expect("migrate-incoming");
          assertFalse(first.getAsJsonObject("arguments").get("exit-on-error").getAsBoolean());
          client.refuse(first, "GenericError", "Parameter 'exit-on-error' is unexpected");
          JsonObject second = client.expect("migrate-incoming");
          assertEquals("{\"uri\":\"fd:stillframe\"}", second.get("arguments").toString());
          client.answer(second, "{}");
        },
        guest -> {
          try (Descriptor fd = sockets.pair()[0]) {
            guest.loadFrom(fd);
          }
        });
  }
}
