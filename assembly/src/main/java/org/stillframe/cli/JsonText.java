/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;

/** JSON in one line, as the commands print it. */
final class JsonText {
  private JsonText() {}

  static String of(JsonObject object) {
    return new GsonBuilder().disableHtmlEscaping().create().toJson(object);
  }
}
