/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;

/**
 * A value that a monitor sent, read with suspicion: a member of another type is a named failure.
 */
record QmpAnswer(Qmp address, String subject, JsonElement value) {
  private JsonObject object() throws GuestException {
    if (!value.isJsonObject()) {
      throw unexpected("an object");
    }
    return value.getAsJsonObject();
  }

  /** The objects of a list. */
  List<QmpAnswer> list() throws GuestException {
    if (!value.isJsonArray()) {
      throw unexpected("a list");
    }
    JsonArray array = value.getAsJsonArray();
    List<QmpAnswer> items = new ArrayList<>(array.size());
    array.forEach(item -> items.add(new QmpAnswer(address, subject, item)));
    return items;
  }

  /** A member, unless it is absent or null. */
  Optional<QmpAnswer> member(String name) throws GuestException {
    return Optional.ofNullable(object().get(name))
        .filter(found -> !found.isJsonNull())
        .map(found -> new QmpAnswer(address, subject + "." + name, found));
  }

  /** The members of an object, by name. */
  JsonObject members() throws GuestException {
    return object().deepCopy();
  }

  boolean isText() {
    return value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
  }

  /** The text that this is. */
  String text() throws GuestException {
    if (!isText()) {
      throw unexpected("a text");
    }
    return value.getAsString();
  }

  /** A member that must be there and be a text. */
  String text(String name) throws GuestException {
    return required(name).text();
  }

  /** A member that must be there and be true or false. */
  boolean flag(String name) throws GuestException {
    QmpAnswer found = required(name);
    if (!found.value.isJsonPrimitive() || !found.value.getAsJsonPrimitive().isBoolean()) {
      throw found.unexpected("true or false");
    }
    return found.value.getAsBoolean();
  }

  /** A member that is a whole number, or 0 if it is absent. */
  long number(String name) throws GuestException {
    Optional<QmpAnswer> found = member(name);
    return found.isPresent() ? found.get().number() : 0;
  }

  private long number() throws GuestException {
    if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
      throw unexpected("a whole number");
    }
    try {
      return Long.parseLong(value.getAsString());
    } catch (NumberFormatException e) {
      throw unexpected("a whole number");
    }
  }

  /** A member that must be there. */
  QmpAnswer required(String name) throws GuestException {
    Optional<QmpAnswer> found = member(name);
    if (found.isEmpty()) {
      throw unexpected("a member " + name);
    }
    return found.get();
  }

  private GuestException unexpected(String wanted) {
    return new GuestException(
        ErrorCode.GUEST,
        subject + " of the monitor at " + address + " is not understood",
        "it should be or have " + wanted + " but is " + QmpJson.beginning(value.toString()),
        "check that QEMU itself listens at this socket");
  }
}
