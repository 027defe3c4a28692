/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.stillframe.error.StillframeException;

/**
 * Moves QEMU's migration settings from one state to another, and knows how far it got. Once it has
 * begun it does not heed interrupts: half a change is worse than a late answer.
 */
final class SettingsWire {
  private final QmpClient client;
  private final Map<String, Boolean> capabilities;
  private final JsonObject parameters;

  /** Reads the present state. */
  SettingsWire(QmpClient client) throws StillframeException {
    this.client = client;
    this.capabilities = readCapabilities();
    this.parameters =
        client.executeUninterrupted("query-migrate-parameters", new JsonObject()).members();
    // Where QEMU reports no value for a text, it takes the empty one.
    for (Map.Entry<String, JsonElement> parameter : parameters.entrySet()) {
      if (parameter.getValue().isJsonNull()) {
        parameter.setValue(new JsonPrimitive(""));
      }
    }
  }

  /** Every capability that this QEMU reports, and whether it is on now, as far as is known. */
  Map<String, Boolean> capabilities() {
    return Collections.unmodifiableMap(capabilities);
  }

  /** Every parameter that this QEMU reports with its value now, as far as is known. */
  JsonObject parameters() {
    return parameters;
  }

  /**
   * Switches every capability off, sets the parameters, and switches capabilities on.
   *
   * <p>QEMU checks parameters against the capabilities in force, with their old values: where
   * mapped-ram is on and compression is set, it refuses even the call that would end the
   * compression. With everything off no combination is refused.
   */
  void switchTo(Map<String, Boolean> wanted, JsonObject values) throws StillframeException {
    Map<String, Boolean> off = new LinkedHashMap<>(wanted);
    off.replaceAll((name, on) -> false);
    setCapabilities(off);
    if (values.size() > 0) {
      setParameters(values);
    }
    if (wanted.containsValue(true)) {
      setCapabilities(wanted);
    }
  }

  /**
   * Goes back the same way, with those parameters alone that are not as they were. A refusal of the
   * parameters does not keep the capabilities from being put back.
   */
  void putBack(Map<String, Boolean> found, JsonObject values) throws StillframeException {
    JsonObject differing = values.deepCopy();
    differing.entrySet().removeIf(value -> value.getValue().equals(parameters.get(value.getKey())));
    try {
      switchTo(found, differing);
    } catch (QmpError e) {
      try {
        setCapabilities(found);
      } catch (StillframeException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /** What is not as it is wanted, as far as is known, in the form {@code name=wanted value}. */
  List<String> differences(Map<String, Boolean> wanted, JsonObject values) {
    List<String> names = new ArrayList<>();
    wanted.forEach(
        (name, on) -> {
          if (!on.equals(capabilities.get(name))) {
            names.add("capability " + name + "=" + (on ? "on" : "off"));
          }
        });
    values
        .entrySet()
        .forEach(
            value -> {
              if (!value.getValue().equals(parameters.get(value.getKey()))) {
                names.add("parameter " + value.getKey() + "=" + value.getValue());
              }
            });
    return names;
  }

  /**
   * A QEMU may refuse a name that it reports itself, for instance a deprecated one under {@code
   * -compat deprecated-input=reject}, and the whole call with it. Then those are named alone that
   * are not as they are wanted.
   */
  private void setCapabilities(Map<String, Boolean> wanted) throws StillframeException {
    try {
      sendCapabilities(wanted);
    } catch (QmpError e) {
      Map<String, Boolean> now = readCapabilities();
      Map<String, Boolean> differing = new LinkedHashMap<>(wanted);
      differing.entrySet().removeIf(entry -> entry.getValue().equals(now.get(entry.getKey())));
      if (differing.size() == wanted.size()) {
        throw e;
      }
      if (!differing.isEmpty()) {
        sendCapabilities(differing);
      }
      capabilities.putAll(wanted);
    }
  }

  private void sendCapabilities(Map<String, Boolean> wanted) throws StillframeException {
    JsonArray list = new JsonArray();
    wanted.forEach(
        (name, on) -> {
          JsonObject item = new JsonObject();
          item.addProperty("capability", name);
          item.addProperty("state", on);
          list.add(item);
        });
    JsonObject arguments = new JsonObject();
    arguments.add("capabilities", list);
    Map<String, Boolean> before = new LinkedHashMap<>(capabilities);
    // Without an answer it may have happened.
    capabilities.putAll(wanted);
    try {
      client.executeUninterrupted("migrate-set-capabilities", arguments);
    } catch (QmpError e) {
      capabilities.putAll(before);
      throw e;
    }
  }

  private void setParameters(JsonObject values) throws StillframeException {
    JsonObject before = parameters.deepCopy();
    values.entrySet().forEach(value -> parameters.add(value.getKey(), value.getValue()));
    try {
      client.executeUninterrupted("migrate-set-parameters", values);
    } catch (QmpError e) {
      before.entrySet().forEach(value -> parameters.add(value.getKey(), value.getValue()));
      throw e;
    }
  }

  private Map<String, Boolean> readCapabilities() throws StillframeException {
    Map<String, Boolean> found = new LinkedHashMap<>();
    QmpAnswer answer = client.executeUninterrupted("query-migrate-capabilities", new JsonObject());
    for (QmpAnswer capability : answer.list()) {
      found.put(capability.text("capability"), capability.flag("state"));
    }
    return found;
  }
}
