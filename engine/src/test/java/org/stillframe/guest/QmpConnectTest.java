/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.spi.TargetKind;
import org.stillframe.system.Connection;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Errno;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;

@Timeout(20)
class QmpConnectTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final CancelledException END =
      new CancelledException(ErrorCode.DEADLINE_EXCEEDED, "save", "not done in time", "");

  private final SystemCalls system = new SystemCalls();
  private final Sockets sockets = new Sockets(system);
  private final GuestConnector connector = new QmpGuestConnector(system, sockets);

  @TempDir Path directory;

  private GuestException refused(Path path, Duration timeout) {
    GuestException e =
        assertThrows(GuestException.class, () -> connector.connect(Qmp.at(path), timeout));
    assertEquals(ErrorCode.GUEST, e.code());
    assertEquals("cannot connect to QEMU at unix:" + path, e.what());
    return e;
  }

  private GuestException greetedBy(FakeQmpServer.Script script, Duration timeout) throws Exception {
    Path path = directory.resolve("qmp");
    AtomicReference<GuestException> seen = new AtomicReference<>();
    FakeQmpServer.during(
        path,
        script,
        () ->
            seen.set(
                assertThrows(
                    GuestException.class, () -> connector.connect(Qmp.at(path), timeout))));
    return seen.get();
  }

  @Test
  void theVersionComesFromTheGreeting() throws Exception {
    Path path = directory.resolve("qmp");
    FakeQmpServer.during(
        path,
        client -> client.greet(),
        () -> {
          try (Guest guest = connector.connect(Qmp.at(path), LONG)) {
            assertEquals(new QemuVersion(10, 0, 2, "Debian 1"), guest.version());
            assertEquals("unix:" + path, guest.address().toString());
          }
        });
  }

  private static Patience endingAfter(int calls, CancelledException end, AtomicInteger seen) {
    return () -> {
      if (seen.incrementAndGet() > calls) {
        throw end;
      }
    };
  }

  private static void soon(long start) {
    assertTrue(System.nanoTime() - start < 3_000_000_000L);
  }

  @Test
  void patienceEndsTheWaitForAGreeting() throws Exception {
    Path path = directory.resolve("qmp");
    AtomicInteger calls = new AtomicInteger();
    FakeQmpServer.during(
        path,
        client -> client.untilEnd(),
        () -> {
          long start = System.nanoTime();
          Patience patience = endingAfter(3, END, calls);
          assertSame(
              END,
              assertThrows(
                  CancelledException.class, () -> connector.connect(Qmp.at(path), LONG, patience)));
          soon(start);
        });
    assertEquals(4, calls.get());
  }

  @Test
  void patienceEndsTheWaitForAMonitorWhoseQueueIsFull() throws Exception {
    Path path = directory.resolve("qmp");
    List<Descriptor> open = new ArrayList<>();
    open.add(sockets.listen(path));
    try {
      for (Descriptor one = sockets.tryConnect(path); one != null; one = sockets.tryConnect(path)) {
        open.add(one);
      }
      long start = System.nanoTime();
      Patience patience = endingAfter(3, END, new AtomicInteger());
      assertSame(
          END,
          assertThrows(
              CancelledException.class, () -> connector.connect(Qmp.at(path), LONG, patience)));
      soon(start);
    } finally {
      for (Descriptor one : open) {
        one.close();
      }
    }
  }

  @Test
  void patienceEndsTheWaitForAnAnswerOnceAndTheGuestStaysUsable() throws Exception {
    Path path = directory.resolve("qmp");
    FakeQmpServer.during(
        path,
        client -> {
          client.greet();
          client.expect("query-status");
          JsonObject second = client.expect("query-status");
          Thread.sleep(500);
          client.answer(second, "{\"status\": \"running\", \"running\": true}");
          client.untilEnd();
        },
        () -> {
          AtomicBoolean over = new AtomicBoolean();
          Patience patience =
              () -> {
                if (over.get()) {
                  throw END;
                }
              };
          try (Guest guest = connector.connect(Qmp.at(path), LONG, patience)) {
            over.set(true);
            long start = System.nanoTime();
            assertSame(END, assertThrows(CancelledException.class, guest::status));
            soon(start);
            // What follows puts things in order, and is waited for.
            assertTrue(guest.status().running());
          }
        });
  }

  @Test
  void patienceIsNotAskedByWhatMustBeDone() throws Exception {
    Path path = directory.resolve("qmp");
    FakeQmpServer.during(
        path,
        client -> {
          client.greet();
          for (String command : List.of("cont", "migrate_cancel")) {
            JsonObject received = client.expect(command);
            Thread.sleep(300);
            client.answer(received, "{}");
          }
          JsonObject after = client.expect("query-status");
          Thread.sleep(300);
          client.answer(after, "{\"status\": \"running\", \"running\": true}");
          client.untilEnd();
        },
        () -> {
          AtomicBoolean over = new AtomicBoolean();
          Patience patience =
              () -> {
                if (over.get()) {
                  throw END;
                }
              };
          try (Guest guest = connector.connect(Qmp.at(path), LONG, patience)) {
            over.set(true);
            guest.resume();
            guest.cancelMigration();
            assertTrue(guest.status().running());
          }
        });
  }

  @Test
  void aLineThatIsNotTakenCanBeGivenUpAndItsRestGoesFirst() throws Exception {
    Descriptor[] pair = sockets.pair();
    try (Connection ours = new Connection(system, pair[0], TargetKind.SOCKET);
        Connection theirs = new Connection(system, pair[1], TargetKind.SOCKET)) {
      QmpLines lines = new QmpLines(ours, 100);
      String large = "x".repeat(8 << 20);
      Deadline deadline = Deadline.after(LONG);
      AtomicInteger calls = new AtomicInteger();
      assertSame(
          END,
          assertThrows(
              CancelledException.class,
              () -> lines.send(large, null, deadline, endingAfter(3, END, calls))));
      Thread writer =
          new Thread(
              () -> {
                try {
                  lines.send("second", null, deadline, Patience.NONE);
                  ours.shutdownWrite();
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      writer.start();
      ByteBuffer read = ByteBuffer.allocateDirect(9 << 20);
      while (theirs.read(read) >= 0) {
        continue;
      }
      writer.join();
      byte[] bytes = new byte[read.flip().remaining()];
      read.get(bytes);
      assertEquals(large + "\nsecond\n", new String(bytes, StandardCharsets.US_ASCII));
    }
  }

  @Test
  void noSuchSocket() {
    GuestException e = refused(directory.resolve("none"), LONG);
    assertEquals("connect: No such file or directory (ENOENT)", e.why());
    assertTrue(e.remedy().startsWith("there is no such socket"), e.remedy());
  }

  @Test
  void aFileIsNoSocket() throws Exception {
    GuestException e = refused(Files.createFile(directory.resolve("file")), LONG);
    assertEquals("connect: Connection refused (ECONNREFUSED)", e.why());
    assertTrue(e.remedy().startsWith("this is not a socket"), e.remedy());
  }

  @Test
  void nobodyListens() throws Exception {
    Path path = directory.resolve("qmp");
    sockets.listen(path).close();
    GuestException e = refused(path, LONG);
    assertEquals("connect: Connection refused (ECONNREFUSED)", e.why());
    assertTrue(e.remedy().startsWith("nobody listens"), e.remedy());
  }

  @Test
  void noPermissionAndTooLongAPathAreToldApart() {
    QmpFailures failures = new QmpFailures(Qmp.at(directory));
    GuestException e = failures.unreachable(SystemCalls.failure("connect", Errno.EACCES));
    assertEquals("connect: Permission denied (EACCES)", e.why());
    assertTrue(e.remedy().startsWith("run as the user"), e.remedy());
    assertTrue(
        refused(Path.of("/" + "x".repeat(200)), LONG).remedy().contains("at most 107 bytes"));
  }

  @Test
  void aMonitorForHumansIsNotQmp() throws Exception {
    GuestException e =
        greetedBy(
            client -> client.send("QEMU 10.0.2 monitor - type 'help' for more information\r\n"),
            LONG);
    assertTrue(e.why().startsWith("this is not a QMP monitor: it greets with \"QEMU"), e.why());
  }

  @Test
  void aPromptWithoutALineIsNotQmp() throws Exception {
    GuestException e =
        greetedBy(
            client -> {
              client.send("(qemu) ");
              client.untilEnd();
            },
            SHORT);
    assertEquals("this is not a QMP monitor: it greets with \"(qemu)\"", e.why());
  }

  @Test
  void otherJsonIsNotQmp() throws Exception {
    for (String line : List.of("{}", "[1]", "{\"QMP\"}", "1 2", "[".repeat(1000), "")) {
      GuestException e = greetedBy(client -> client.send(line + "\n"), LONG);
      assertTrue(e.why().startsWith("this is not a QMP monitor"), e.getMessage());
      Files.delete(directory.resolve("qmp"));
    }
  }

  @Test
  void aGreetingWithoutAVersionIsNamed() throws Exception {
    for (String line :
        List.of(
            "{\"QMP\": 3}",
            "{\"QMP\": {}}",
            "{\"QMP\": {\"version\": {\"qemu\": {\"major\": \"x\"}}}}",
            "{\"QMP\": {\"version\": {\"qemu\": {\"major\": 1e99999999999}}}}")) {
      GuestException e = greetedBy(client -> client.send(line + "\n"), LONG);
      assertTrue(e.what().contains("is not understood"), e.getMessage());
      Files.delete(directory.resolve("qmp"));
    }
  }

  @Test
  void silenceMeansAnotherClient() throws Exception {
    GuestException e = greetedBy(client -> client.untilEnd(), SHORT);
    assertEquals("no greeting within 0.3 s", e.why());
    assertTrue(e.remedy().startsWith("another client is probably connected"), e.remedy());
  }

  @Test
  void aNegotiationWithoutAnswerEndsWithTheConnectionsTime() throws Exception {
    GuestException e =
        greetedBy(
            client -> {
              client.send(FakeQmpServer.GREETING);
              client.untilEnd();
            },
            SHORT);
    assertTrue(e.what().endsWith("did not answer qmp_capabilities"), e.what());
  }

  @Test
  void anEndBeforeTheGreetingIsNamed() throws Exception {
    GuestException e = greetedBy(client -> {}, LONG);
    assertTrue(e.getMessage().contains("during the greeting: it closed the connection"));
  }

  @Test
  void aFullQueueIsTriedUntilThereIsRoom() throws Exception {
    Path path = directory.resolve("qmp");
    try (Descriptor listener = sockets.listen(path)) {
      List<Descriptor> queued = new ArrayList<>();
      for (Descriptor d = sockets.tryConnect(path); d != null; d = sockets.tryConnect(path)) {
        queued.add(d);
      }
      GuestException e = refused(path, SHORT);
      assertEquals("it has accepted nobody for 0.3 s", e.why());
      assertTrue(e.remedy().startsWith("another client"), e.remedy());
      Thread later =
          new Thread(
              () -> {
                try {
                  Thread.sleep(100);
                  sockets.accept(listener, 0).close();
                } catch (Exception failed) {
                  throw new AssertionError(failed);
                }
              });
      later.start();
      // Room in the queue now, but still nobody who greets.
      assertEquals("no greeting within 2.0 s", refused(path, Duration.ofSeconds(2)).why());
      later.join();
      for (Descriptor d : queued) {
        d.close();
      }
    }
  }

  @Test
  void anInterruptEndsTheWaitForAGreeting() throws Exception {
    Path path = directory.resolve("qmp");
    FakeQmpServer.during(
        path,
        client -> client.untilEnd(),
        () -> {
          Thread.currentThread().interrupt();
          CancelledException e =
              assertThrows(CancelledException.class, () -> connector.connect(Qmp.at(path), LONG));
          assertTrue(Thread.interrupted());
          assertEquals(ErrorCode.CANCELLED, e.code());
        });
  }
}
