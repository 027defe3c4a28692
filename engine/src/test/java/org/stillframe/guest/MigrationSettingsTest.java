/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.RequestException;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;

@Timeout(20)
class MigrationSettingsTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  private final SystemCalls system = new SystemCalls();

  @TempDir Path directory;

  /** What a QEMU keeps, and what it refuses. */
  private static final class Fake {
    final Map<String, Boolean> capabilities =
        new TreeMap<>(Map.of("events", false, "mapped-ram", false, "xbzrle", true));
    final JsonObject parameters =
        JsonParser.parseString(
                "{\"max-bandwidth\": 134217728, \"downtime-limit\": 300, \"tls-creds\": null,"
                    + " \"multifd-compression\": \"none\", \"direct-io\": true}")
            .getAsJsonObject();
    final List<String> heard = new ArrayList<>();
    String progress = "{}";
    String deprecated = "";
    String brokenParameter = "";
    boolean gone;

    String answer(JsonObject command) {
      String name = command.get("execute").getAsString();
      JsonObject arguments = command.getAsJsonObject("arguments");
      if (gone) {
        throw new IllegalStateException("gone");
      }
      switch (name) {
        case "query-migrate":
          return returned(command, progress);
        case "query-migrate-parameters":
          return returned(command, parameters.toString());
        case "query-migrate-capabilities":
          List<String> items = new ArrayList<>();
          capabilities.forEach(
              (n, on) -> items.add("{\"capability\":\"" + n + "\",\"state\":" + on + "}"));
          return returned(command, items.toString());
        case "migrate-set-capabilities":
          return setCapabilities(command, arguments);
        case "migrate-set-parameters":
          return setParameters(command, arguments);
        default:
          throw new AssertionError(name);
      }
    }

    private String setCapabilities(JsonObject command, JsonObject arguments) {
      Map<String, Boolean> asked = new TreeMap<>();
      arguments
          .getAsJsonArray("capabilities")
          .forEach(
              c ->
                  asked.put(
                      c.getAsJsonObject().get("capability").getAsString(),
                      c.getAsJsonObject().get("state").getAsBoolean()));
      heard.add("capabilities " + asked);
      if (asked.containsKey(deprecated)) {
        return FakeQmpServer.Peer.refusal(command, "GenericError", "Deprecated value");
      }
      capabilities.putAll(asked);
      return returned(command, "{}");
    }

    private String setParameters(JsonObject command, JsonObject arguments) {
      heard.add("parameters " + arguments);
      // As QEMU does: the check sees the values that the call would replace.
      boolean trapped =
          capabilities.get("mapped-ram")
              && !parameters.get("multifd-compression").getAsString().equals("none");
      if (trapped || arguments.has(brokenParameter)) {
        return FakeQmpServer.Peer.refusal(command, "GenericError", "refused");
      }
      arguments.entrySet().forEach(e -> parameters.add(e.getKey(), e.getValue()));
      return returned(command, "{}");
    }

    private static String returned(JsonObject command, String value) {
      return "{\"id\": " + command.get("id") + ", \"return\": " + value + "}\n";
    }
  }

  private interface Use {
    void of(Guest guest) throws Exception;
  }

  private void with(Fake fake, Use use) throws Exception {
    Path path = directory.resolve("qmp");
    FakeQmpServer.during(
        path,
        client -> {
          client.greet();
          try {
            client.serve(fake::answer);
          } catch (IllegalStateException gone) {
            return;
          }
        },
        () -> {
          try (Guest guest =
              new QmpGuestConnector(system, new Sockets(system), LONG)
                  .connect(Qmp.at(path), LONG)) {
            use.of(guest);
          }
        });
  }

  @Test
  void everythingIsSetAndPutBack() throws Exception {
    Fake fake = new Fake();
    with(
        fake,
        guest -> {
          SettingsScope scope =
              guest.apply(MigrationSettings.stream(new Pace(5, Optional.empty())));
          assertEquals(
              List.of(
                  "capabilities {events=false, mapped-ram=false, xbzrle=false}",
                  "parameters {\"tls-creds\":\"\",\"direct-io\":false,\"max-bandwidth\":5,"
                      + "\"downtime-limit\":2000000}",
                  "capabilities {events=true, mapped-ram=false, xbzrle=false}"),
              fake.heard);
          fake.heard.clear();
          Thread.currentThread().interrupt();
          scope.close();
          assertTrue(Thread.interrupted());
          scope.close();
          assertEquals(
              List.of(
                  "capabilities {events=false, mapped-ram=false, xbzrle=false}",
                  "parameters {\"direct-io\":true,\"max-bandwidth\":134217728,"
                      + "\"downtime-limit\":300}",
                  "capabilities {events=false, mapped-ram=false, xbzrle=true}"),
              fake.heard);
        });
  }

  @Test
  void whatIsSoAlreadyIsNotSet() throws Exception {
    Fake fake = new Fake();
    fake.capabilities.put("xbzrle", false);
    fake.parameters.addProperty("direct-io", false);
    with(
        fake,
        guest -> {
          guest.apply(MigrationSettings.load()).close();
          assertEquals(List.of(), fake.heard);
          fake.capabilities.put("mapped-ram", true);
          guest.apply(MigrationSettings.load()).close();
          assertEquals(
              List.of(
                  "capabilities {events=false, mapped-ram=false, xbzrle=false}",
                  "parameters {\"tls-creds\":\"\",\"direct-io\":false}",
                  "capabilities {events=false, mapped-ram=false, xbzrle=false}",
                  "capabilities {events=false, mapped-ram=true, xbzrle=false}"),
              fake.heard);
        });
  }

  @Test
  void aTrappedStateIsLeftAndPutBack() throws Exception {
    Fake fake = new Fake();
    fake.capabilities.put("mapped-ram", true);
    fake.parameters.addProperty("multifd-compression", "zstd");
    JsonObject before = fake.parameters.deepCopy();
    with(
        fake,
        guest -> {
          MigrationSettings settings =
              MigrationSettings.builder()
                  .capability("mapped-ram")
                  .parameter("multifd-compression", "none")
                  .build();
          SettingsScope scope = guest.apply(settings);
          assertTrue(fake.capabilities.get("mapped-ram"));
          assertEquals("none", fake.parameters.get("multifd-compression").getAsString());
          scope.close();
          assertTrue(fake.capabilities.get("mapped-ram"));
          assertEquals(before, fake.parameters);
        });
  }

  @Test
  void aRefusedParameterPutsTheCapabilitiesBack() throws Exception {
    Fake fake = new Fake();
    fake.brokenParameter = "max-bandwidth";
    with(
        fake,
        guest -> {
          GuestException e =
              assertThrows(
                  GuestException.class,
                  () -> guest.apply(MigrationSettings.stream(new Pace(0, Optional.empty()))));
          assertEquals("refused", e.why());
          assertEquals(
              Map.of("events", false, "mapped-ram", false, "xbzrle", true), fake.capabilities);
        });
  }

  @Test
  void aRefusedNameIsLeftOutUnlessItMatters() throws Exception {
    Fake fake = new Fake();
    fake.deprecated = "mapped-ram";
    with(
        fake,
        guest -> {
          guest.apply(MigrationSettings.stream(new Pace(0, Optional.empty()))).close();
          assertEquals(
              Map.of("events", false, "mapped-ram", false, "xbzrle", true), fake.capabilities);
          GuestException e =
              assertThrows(
                  GuestException.class,
                  () -> guest.apply(MigrationSettings.builder().capability("mapped-ram").build()));
          assertEquals("Deprecated value", e.why());
          assertEquals(0, e.getSuppressed().length);
          assertTrue(fake.capabilities.get("xbzrle"));
        });
  }

  @Test
  void whatIsRequiredAndMissingIsNamedBeforeAnythingIsTouched() throws Exception {
    Fake fake = new Fake();
    with(
        fake,
        guest -> {
          RequestException capability =
              assertThrows(
                  RequestException.class,
                  () -> guest.apply(MigrationSettings.builder().capability("multifd").build()));
          assertEquals(ErrorCode.UNSUPPORTED, capability.code());
          assertEquals("it does not have the migration capability multifd", capability.why());
          RequestException parameter =
              assertThrows(
                  RequestException.class,
                  () ->
                      guest.apply(
                          MigrationSettings.builder().requiredParameter("nothing", 1).build()));
          assertEquals("it does not have the migration parameter nothing", parameter.why());
          assertEquals(List.of(), fake.heard);
        });
  }

  @Test
  void aMigrationUnderWayIsNotDisturbed() throws Exception {
    Fake fake = new Fake();
    fake.progress = "{\"status\": \"active\"}";
    with(
        fake,
        guest -> {
          GuestException e =
              assertThrows(GuestException.class, () -> guest.apply(MigrationSettings.load()));
          assertTrue(e.why().contains("a migration is under way"), e.why());
          assertEquals(List.of(), fake.heard);
        });
  }

  @Test
  void aLostConnectionSaysWhatIsNotAsItWas() throws Exception {
    Fake fake = new Fake();
    with(
        fake,
        guest -> {
          SettingsScope scope =
              guest.apply(MigrationSettings.stream(new Pace(5, Optional.empty())));
          fake.gone = true;
          GuestException e = assertThrows(GuestException.class, scope::close);
          assertEquals("it closed the connection", e.why());
          assertEquals(
              "if it still runs, set there: capability xbzrle=on, parameter direct-io=true,"
                  + " parameter max-bandwidth=134217728, parameter downtime-limit=300",
              e.remedy());
        });
  }

  @Test
  void nothingChangedIsNothingToPutBack() throws Exception {
    Fake fake = new Fake();
    fake.capabilities.put("xbzrle", false);
    with(
        fake,
        guest -> {
          SettingsScope scope = guest.apply(MigrationSettings.builder().build());
          fake.gone = true;
          scope.close();
        });
  }

  @Test
  void settingsAreValues() {
    assertEquals(
        MigrationSettings.stream(new Pace(1, Optional.empty())),
        MigrationSettings.stream(new Pace(1, Optional.empty())));
    assertEquals(
        MigrationSettings.stream(new Pace(1, Optional.empty())).hashCode(),
        MigrationSettings.stream(new Pace(1, Optional.empty())).hashCode());
    assertThrows(
        IllegalArgumentException.class,
        () -> MigrationSettings.stream(new Pace(-1, Optional.empty())));
    assertEquals(
        "capabilities [] tls-creds= direct-io=false mode=normal",
        MigrationSettings.load().toString());
    assertEquals(
        "capabilities [events, multifd] tls-creds= direct-io=false mode=normal"
            + " multifd-channels=3 multifd-compression=none",
        MigrationSettings.loadMultifd(3).toString());
    assertEquals(
        "capabilities [events, multifd] tls-creds= direct-io=false mode=normal max-bandwidth=0"
            + " downtime-limit=2000000 avail-switchover-bandwidth=0 multifd-channels=2"
            + " multifd-compression=none zero-page-detection=legacy",
        MigrationSettings.multifd(2, new Pace(7, Optional.empty())).toString());
    assertEquals(
        "capabilities [events, auto-converge] tls-creds= direct-io=false mode=normal"
            + " max-bandwidth=7 downtime-limit=300 avail-switchover-bandwidth=0"
            + " zero-page-detection=legacy",
        MigrationSettings.stream(new Pace(7, Optional.of(Duration.ofMillis(300)))).toString());
  }
}
