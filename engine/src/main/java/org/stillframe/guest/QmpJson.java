/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;

/** Reads one line as one JSON object, strictly. */
final class QmpJson {
  /** QAPI's deepest answers have fewer than twenty levels. */
  private static final int DEPTH = 64;

  private static final int SHOWN = 80;

  private QmpJson() {}

  /**
   * The object.
   *
   * @throws IOException if the line is anything else; the message shows its beginning
   */
  static JsonObject object(String line) throws IOException {
    try (JsonReader reader = new JsonReader(new StringReader(line))) {
      reader.setStrictness(Strictness.STRICT);
      reader.setNestingLimit(DEPTH);
      JsonElement value = JsonParser.parseReader(reader);
      if (value.isJsonObject() && reader.peek() == JsonToken.END_DOCUMENT) {
        return value.getAsJsonObject();
      }
      throw notAnObject(line, null);
    } catch (JsonParseException | IOException e) {
      throw notAnObject(line, e);
    }
  }

  private static IOException notAnObject(String line, Exception cause) {
    return new IOException("it sent no JSON object but \"" + beginning(line) + "\"", cause);
  }

  /** As much of a line as fits into a message. */
  static String beginning(String line) {
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
  }
}
