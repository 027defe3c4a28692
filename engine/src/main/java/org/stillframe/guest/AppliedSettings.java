/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;

/** Settings in force at one QEMU, and what they replaced. */
final class AppliedSettings implements SettingsScope {
  private final Qmp address;
  private final SettingsWire wire;
  private final Map<String, Boolean> capabilitiesFound;
  private final JsonObject parametersFound;
  private boolean closed;

  private AppliedSettings(
      Qmp address,
      SettingsWire wire,
      Map<String, Boolean> capabilitiesFound,
      JsonObject parametersFound) {
    this.address = address;
    this.wire = wire;
    this.capabilitiesFound = capabilitiesFound;
    this.parametersFound = parametersFound;
  }

  static AppliedSettings apply(QmpClient client, MigrationSettings settings)
      throws StillframeException {
    SettingsWire wire = new SettingsWire(client);
    Map<String, Boolean> capabilities = capabilitiesWanted(client, settings, wire.capabilities());
    JsonObject parameters = parametersWanted(client, settings, wire.parameters());
    JsonObject parametersFound = new JsonObject();
    parameters.keySet().forEach(name -> parametersFound.add(name, wire.parameters().get(name)));
    AppliedSettings scope =
        new AppliedSettings(
            client.address(), wire, new LinkedHashMap<>(wire.capabilities()), parametersFound);
    if (wire.differences(capabilities, parameters).isEmpty()) {
      return scope;
    }
    try {
      wire.switchTo(capabilities, parameters);
    } catch (StillframeException e) {
      try {
        scope.close();
      } catch (StillframeException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
    return scope;
  }

  private static Map<String, Boolean> capabilitiesWanted(
      QmpClient client, MigrationSettings settings, Map<String, Boolean> found)
      throws RequestException {
    for (Map.Entry<String, Boolean> capability : settings.capabilities().entrySet()) {
      if (capability.getValue() && !found.containsKey(capability.getKey())) {
        throw missing(client, "capability " + capability.getKey());
      }
    }
    Map<String, Boolean> wanted = new LinkedHashMap<>();
    found.keySet().forEach(name -> wanted.put(name, settings.capabilities().containsKey(name)));
    return wanted;
  }

  private static JsonObject parametersWanted(
      QmpClient client, MigrationSettings settings, JsonObject found) throws RequestException {
    JsonObject wanted = new JsonObject();
    for (Map.Entry<String, MigrationSettings.Parameter> entry : settings.parameters().entrySet()) {
      if (found.has(entry.getKey())) {
        wanted.add(entry.getKey(), json(entry.getValue().value()));
      } else if (entry.getValue().required()) {
        throw missing(client, "parameter " + entry.getKey());
      }
    }
    return wanted;
  }

  private static JsonElement json(Object value) {
    if (value instanceof Boolean) {
      return new JsonPrimitive((Boolean) value);
    }
    return value instanceof Long
        ? new JsonPrimitive((Long) value)
        : new JsonPrimitive((String) value);
  }

  private static RequestException missing(QmpClient client, String what) {
    return new RequestException(
        ErrorCode.UNSUPPORTED,
        "QEMU at " + client.address() + " cannot migrate as it should",
        "it does not have the migration " + what,
        "use another route, or a later QEMU");
  }

  @Override
  public void close() throws StillframeException {
    if (closed) {
      return;
    }
    closed = true;
    List<String> different = wire.differences(capabilitiesFound, parametersFound);
    if (different.isEmpty()) {
      return;
    }
    try {
      wire.putBack(capabilitiesFound, parametersFound);
    } catch (StillframeException e) {
      // Empty if it was the answer that got lost.
      List<String> still = wire.differences(capabilitiesFound, parametersFound);
      throw new GuestException(
          ErrorCode.GUEST,
          "migration settings of QEMU at " + address + " were not put back",
          e.why(),
          "if it still runs, set there: " + String.join(", ", still.isEmpty() ? different : still),
          e);
    }
  }
}
