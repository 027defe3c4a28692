/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.error.GuestException;
import org.stillframe.spi.TargetKind;
import org.stillframe.system.Connection;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Peer;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;

/** What the documentation says of QMP is what QEMU does. */
@Tag("qemu")
@Timeout(120)
class RealQmpTest {
  private static final String NEW = "STILLFRAME_QEMU_10";
  private static final String OLD = "STILLFRAME_QEMU_7";

  private final SystemCalls system = new SystemCalls();
  private final Sockets sockets = new Sockets(system);

  @TempDir Path directory;

  /** Saves a guest that runs, and gives the stream. */
  private byte[] save(Guest guest) throws Exception {
    Descriptor[] pair = sockets.pair();
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    try (Connection reader = new Connection(system, pair[0], TargetKind.SOCKET)) {
      SettingsScope scope = guest.apply(MigrationSettings.stream(new Pace(0, Optional.empty())));
      guest.migrateTo(pair[1]);
      pair[1].close();
      ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
      while (reader.read(buffer.clear()) >= 0) {
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        stream.writeBytes(bytes);
      }
      assertEquals("completed", end(guest).status());
      scope.close();
    }
    return stream.toByteArray();
  }

  private MigrationProgress load(Guest guest, byte[] stream) throws Exception {
    Descriptor[] pair = sockets.pair();
    guest.apply(MigrationSettings.load());
    guest.loadFrom(pair[1]);
    pair[1].close();
    try (Connection writer = new Connection(system, pair[0], TargetKind.SOCKET)) {
      writer.write(ByteBuffer.allocateDirect(stream.length).put(stream).flip());
    } catch (IOException refused) {
      // It may close before it has read all; the progress says why.
      assertTrue(refused.getMessage().matches("send: (Broken pipe|Connection reset).*"));
    }
    return end(guest);
  }

  private static MigrationProgress end(Guest guest) throws Exception {
    MigrationProgress progress = guest.migration();
    while (!progress.isFinished()) {
      guest.awaitEvent(Duration.ofMillis(50));
      progress = guest.migration();
    }
    return progress;
  }

  @ParameterizedTest
  @ValueSource(strings = {NEW, OLD})
  void everySettingComesBack(String variable) throws Exception {
    try (QemuProcess qemu = new QemuProcess(variable, directory, "a", "-M", "q35", "-S");
        QmpClient client = qemu.client()) {
      set(client, "migrate-set-capabilities", switched("xbzrle"));
      set(
          client,
          "migrate-set-parameters",
          "{'max-bandwidth': 1234567, 'tls-creds': 'tls0', 'multifd-compression': 'zlib'}");
      List<String> before = QemuProcess.settings(client);
      SettingsScope scope =
          new QmpGuest(client, null, new Peer(1, 0))
              .apply(MigrationSettings.stream(new Pace(0, Optional.empty())));
      List<String> during = QemuProcess.settings(client);
      assertEquals(1, during.get(0).split("true", -1).length - 1, () -> during.get(0));
      assertTrue(during.get(0).contains("{\"state\":true,\"capability\":\"events\"}"));
      assertTrue(during.get(1).contains("\"max-bandwidth\":0,"), () -> during.get(1));
      assertTrue(during.get(1).contains("\"tls-creds\":\"\""), () -> during.get(1));
      scope.close();
      assertEquals(before, QemuProcess.settings(client));
    }
  }

  @Test
  void aTrappedStateIsLeftAndPutBack() throws Exception {
    try (QemuProcess qemu = new QemuProcess(NEW, directory, "a", "-M", "q35", "-S");
        QmpClient client = qemu.client()) {
      set(client, "migrate-set-capabilities", switched("mapped-ram"));
      set(client, "migrate-set-parameters", "{'multifd-compression': 'zlib'}");
      List<String> before = QemuProcess.settings(client);
      assertThrows(
          QmpError.class, () -> set(client, "migrate-set-parameters", "{'max-bandwidth': 0}"));
      Guest guest = new QmpGuest(client, null, new Peer(1, 0));
      MigrationSettings mapped =
          MigrationSettings.builder()
              .capability("mapped-ram")
              .parameter("multifd-compression", "none")
              .build();
      SettingsScope scope = guest.apply(mapped);
      scope.close();
      assertEquals(before, QemuProcess.settings(client));
    }
  }

  @Test
  void aDeprecatedCapabilityMayBeRefused() throws Exception {
    try (QemuProcess qemu =
            new QemuProcess(
                NEW, directory, "a", "-M", "q35", "-S", "-compat", "deprecated-input=reject");
        QmpClient client = qemu.client()) {
      List<String> before = QemuProcess.settings(client);
      SettingsScope scope =
          new QmpGuest(client, null, new Peer(1, 0))
              .apply(MigrationSettings.stream(new Pace(0, Optional.empty())));
      assertTrue(QemuProcess.settings(client).get(0).contains("true"));
      scope.close();
      assertEquals(before, QemuProcess.settings(client));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {NEW, OLD})
  void aGuestIsSavedRunsOnAndIsLoaded(String variable) throws Exception {
    byte[] stream;
    try (QemuProcess qemu = new QemuProcess(variable, directory, "a", "-M", "q35");
        Guest guest = qemu.connect()) {
      assertEquals(variable.equals(NEW), guest.version().atLeast(9, 0));
      assertEquals(new GuestStatus("running", true), guest.status());
      assertEquals("none", guest.migration().status());
      stream = save(guest);
      assertEquals(new GuestStatus("postmigrate", false), guest.status());
      List<String> seen = new ArrayList<>();
      Optional<GuestEvent> event = guest.awaitEvent(Duration.ZERO);
      for (; event.isPresent(); event = guest.awaitEvent(Duration.ZERO)) {
        event.get().status().ifPresent(seen::add);
      }
      assertEquals("setup", seen.get(0));
      GuestException again =
          assertThrows(GuestException.class, () -> guest.migrateTo(sockets.pair()[0]));
      assertEquals("Can't migrate the vm that was paused due to previous migration", again.why());
      guest.resume();
      assertTrue(guest.status().running());
    }
    for (boolean paused : new boolean[] {false, true}) {
      try (QemuProcess qemu =
              new QemuProcess(
                  variable, directory, "b" + paused, "-M", "q35", "-incoming", "defer");
          Guest guest = qemu.connect()) {
        assertEquals(new GuestStatus("inmigrate", false), guest.status());
        if (paused) {
          guest.pause();
        }
        assertEquals("completed", load(guest, stream).status());
        assertEquals(!paused, guest.status().running());
        guest.quit();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {NEW, OLD})
  void aCancelledMigrationLeavesTheGuestRunning(String variable) throws Exception {
    try (QemuProcess qemu = new QemuProcess(variable, directory, "a", "-M", "q35");
        Guest guest = qemu.connect()) {
      Descriptor[] pair = sockets.pair();
      SettingsScope scope = guest.apply(MigrationSettings.stream(new Pace(1, Optional.empty())));
      guest.migrateTo(pair[1]);
      pair[1].close();
      GuestException busy =
          assertThrows(GuestException.class, () -> guest.apply(MigrationSettings.load()));
      assertTrue(busy.why().startsWith("a migration is under way"), busy.why());
      guest.cancelMigration();
      assertEquals("cancelled", end(guest).status());
      pair[0].close();
      scope.close();
      assertTrue(guest.status().running());
      assertTrue(save(guest).length > 1000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {NEW, OLD})
  void aMonitorServesOneClientAtATime(String variable) throws Exception {
    try (QemuProcess qemu = new QemuProcess(variable, directory, "a", "-M", "q35", "-S")) {
      GuestConnector connector = new QmpGuestConnector(system, sockets);
      Guest first = qemu.connect();
      for (int i = 0; i < 4; i++) {
        GuestException e =
            assertThrows(
                GuestException.class,
                () -> connector.connect(qemu.address(), Duration.ofMillis(300)));
        assertTrue(e.remedy().startsWith("another client is probably connected"), e.getMessage());
      }
      first.close();
      Guest second = connector.connect(qemu.address(), Duration.ofSeconds(30));
      assertEquals("prelaunch", second.status().name());
      second.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {NEW, OLD})
  void whatBlocksAMigrationIsNamed(String variable) throws Exception {
    try (QemuProcess qemu =
            new QemuProcess(
                variable, directory, "a", "-M", "q35", "-S", "-device", "nvme,serial=x");
        Guest guest = qemu.connect()) {
      assertEquals(
          List.of("non-migratable device: 0000:00:01.0/nvme"), guest.migration().blockedReasons());
      Descriptor[] pair = sockets.pair();
      GuestException e = assertThrows(GuestException.class, () -> guest.migrateTo(pair[0]));
      assertEquals("State blocked by non-migratable device '0000:00:01.0/nvme'", e.why());
      assertEquals(0, e.getSuppressed().length);
      pair[0].close();
      // QEMU's copy is closed as well, or this would wait.
      Connection reader = new Connection(system, pair[1], TargetKind.SOCKET);
      assertEquals(-1, reader.tryRead(ByteBuffer.allocateDirect(1), 5000));
      reader.close();
    }
  }

  /** QEMU 10.0 stays and reports the failure, but gives the reason to its log alone. */
  @Test
  void aNewQemuOutlivesAStreamThatItRefuses() throws Exception {
    byte[] stream;
    try (QemuProcess qemu = new QemuProcess(NEW, directory, "a", "-M", "q35");
        Guest guest = qemu.connect()) {
      stream = save(guest);
    }
    byte[] cut = Arrays.copyOf(stream, stream.length / 2);
    refused("b", "pc", stream, "Invalid argument", "Machine type received is 'pc-q35-10.0'");
    refused("c", "q35", cut, "Input/output error", "error while loading state section id 1(ram)");
    refused("d", "q35", new byte[64], "Invalid argument", "Not a migration stream");
  }

  private void refused(String name, String machine, byte[] stream, String error, String log)
      throws Exception {
    try (QemuProcess qemu =
            new QemuProcess(NEW, directory, name, "-M", machine, "-incoming", "defer");
        Guest guest = qemu.connect()) {
      MigrationProgress progress = load(guest, stream);
      assertEquals("failed", progress.status());
      assertEquals(Optional.of("load of migration failed: " + error), progress.errorDescription());
      assertTrue(qemu.log().contains(log), qemu.log());
      assertEquals(new GuestStatus("inmigrate", false), guest.status());
      GuestException again =
          assertThrows(GuestException.class, () -> guest.loadFrom(sockets.pair()[0]));
      assertEquals("The incoming migration has already been started", again.why());
    }
  }

  @Test
  void anOldQemuEndsWhenItRefusesAStream() throws Exception {
    try (QemuProcess qemu =
            new QemuProcess(OLD, directory, "a", "-M", "q35", "-incoming", "defer");
        Guest guest = qemu.connect()) {
      GuestException e = assertThrows(GuestException.class, () -> load(guest, new byte[64]));
      assertTrue(e.what().startsWith("lost QEMU at " + qemu.address()), e.getMessage());
      assertTrue(qemu.log().contains("Not a migration stream"), qemu.log());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {NEW, OLD})
  void aQemuThatDoesNotAwaitAStreamSaysSo(String variable) throws Exception {
    try (QemuProcess qemu = new QemuProcess(variable, directory, "a", "-M", "q35", "-S");
        Guest guest = qemu.connect()) {
      GuestException e =
          assertThrows(GuestException.class, () -> guest.loadFrom(sockets.pair()[0]));
      assertEquals("'-incoming' was not specified on the command line", e.why());
      assertFalse(guest.status().running());
    }
  }

  private static String switched(String capability) {
    return "{'capabilities': [{'capability': '" + capability + "', 'state': true}]}";
  }

  private static void set(QmpClient client, String command, String arguments) throws Exception {
    client.execute(command, JsonParser.parseString(arguments.replace('\'', '"')).getAsJsonObject());
  }
}
