/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.stillframe.error.DamagedException;

/**
 * The description that closes a stream: JSON that lists the devices and the fields of their state.
 * It is read token by token, so that only the devices' names and lengths are ever held.
 */
final class VmDescription {
  static final String WHERE = "closing description";

  /** Far above any guest's devices; bounds the list. */
  private static final int MAX_DEVICES = 65_536;

  private static final int MAX_NAME = 255;

  /** What a number is that is not there, is no whole number, or cannot be a length. */
  private static final long UNKNOWN = -1;

  /** The bytes of a subsection beside its name and fields: type, name length, version. */
  private static final int SUBSECTION_LENGTH = 6;

  /**
   * A device of the list.
   *
   * @param length of its state in bytes as the fields add up; negative if they do not say
   */
  record Device(String name, int instance, long length) {}

  /** What an object says of a device or of a part of one. */
  private static final class Node {
    private String name;
    private String vmsdName;
    private long instance;
    private long size = UNKNOWN;
    private long fields = UNKNOWN;
    private long subsections;

    private long length() {
      // Handlers of the old style state a size, the others their fields.
      return fields == UNKNOWN && subsections == 0 ? size : sum(fields, subsections);
    }
  }

  private final JsonReader json;
  private List<Device> devices;
  private long pageSize = UNKNOWN;

  private VmDescription(JsonReader json) {
    this.json = json;
  }

  /**
   * Parses the text in {@code bytes} from {@code from} to {@code to}, exclusive.
   *
   * @param at the offset of the text in the stream, for messages
   */
  static VmDescription parse(byte[] bytes, int from, int to, long at) throws DamagedException {
    ByteArrayInputStream text = new ByteArrayInputStream(bytes, from, to - from);
    JsonReader reader = new JsonReader(new InputStreamReader(text, StandardCharsets.UTF_8));
    reader.setStrictness(Strictness.STRICT);
    VmDescription description = new VmDescription(reader);
    try {
      description.top();
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      throw Faults.damaged(at, WHERE, "it is not JSON as QEMU writes it", e);
    }
    if (description.devices == null) {
      throw Faults.damaged(at, WHERE, "it lists no devices");
    }
    return description;
  }

  /** The devices in the order of the stream, early ones first. */
  List<Device> devices() {
    return devices;
  }

  /** The target page size in bytes; negative if the description does not state it. */
  long pageSize() {
    return pageSize;
  }

  private void top() throws IOException {
    json.beginObject();
    while (json.hasNext()) {
      switch (json.nextName()) {
        case "devices" -> deviceList();
        case "page_size" -> pageSize = number();
        default -> json.skipValue();
      }
    }
    json.endObject();
    if (json.peek() != JsonToken.END_DOCUMENT) {
      throw new IllegalStateException("something follows the object");
    }
  }

  private void deviceList() throws IOException {
    devices = new ArrayList<>();
    json.beginArray();
    while (json.hasNext()) {
      Node node = node();
      if (node.name == null || devices.size() == MAX_DEVICES) {
        throw new IllegalStateException("device " + devices.size() + " has no name or is too many");
      }
      devices.add(new Device(node.name, (int) node.instance, node.length()));
    }
    json.endArray();
  }

  private Node node() throws IOException {
    Node node = new Node();
    json.beginObject();
    while (json.hasNext()) {
      switch (json.nextName()) {
        case "name" -> node.name = name();
        case "vmsd_name" -> node.vmsdName = name();
        case "instance_id" -> node.instance = number();
        case "size" -> node.size = number();
        case "fields" -> node.fields = fields();
        case "subsections" -> node.subsections = subsections();
        default -> json.skipValue();
      }
    }
    json.endObject();
    return node;
  }

  private long fields() throws IOException {
    long length = 0;
    json.beginArray();
    while (json.hasNext()) {
      length = sum(length, field());
    }
    json.endArray();
    return length;
  }

  private long field() throws IOException {
    long size = UNKNOWN;
    long count = 1;
    json.beginObject();
    while (json.hasNext()) {
      switch (json.nextName()) {
        case "size" -> size = number();
        case "array_len" -> count = number();
        // Among the rest is "struct", whose bytes the size already counts.
        default -> json.skipValue();
      }
    }
    json.endObject();
    return size < 0 || count < 0 || Math.multiplyHigh(size, count) != 0 || size * count < 0
        ? UNKNOWN
        : size * count;
  }

  private long subsections() throws IOException {
    long length = 0;
    json.beginArray();
    while (json.hasNext()) {
      Node node = node();
      long header =
          node.vmsdName == null
              ? UNKNOWN
              : SUBSECTION_LENGTH + node.vmsdName.getBytes(StandardCharsets.UTF_8).length;
      length = sum(length, sum(header, node.length()));
    }
    json.endArray();
    return length;
  }

  /** A name as sections have it: one length byte, and no characters that steer a terminal. */
  private String name() throws IOException {
    String name = json.nextString();
    if (name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalStateException("a name cannot be one");
    }
    return name;
  }

  private long number() throws IOException {
    if (json.peek() != JsonToken.NUMBER) {
      json.skipValue();
      return UNKNOWN;
    }
    try {
      return Long.parseLong(json.nextString());
    } catch (NumberFormatException e) {
      return UNKNOWN;
    }
  }

  /** The sum of two lengths; unknown if one is, or if it is beyond a long. */
  private static long sum(long a, long b) {
    return a < 0 || b < 0 || a + b < 0 ? UNKNOWN : a + b;
  }
}
