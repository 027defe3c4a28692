/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;

/**
 * The state of all devices as QEMU saves it by itself (QMP {@code xen-save-devices-state}, which
 * works for every machine): the header of a stream, a section of type FULL for each device, the end
 * byte. Nothing in it tells how long a section is; the next one is found by its own header behind
 * the footer. Immutable.
 */
public final class DeviceStates {
  /** The most that is taken on, in bytes; tens of kilobytes are usual. */
  public static final int MAX_LENGTH = 64 << 20;

  private static final String WHERE = "device states of QEMU";
  private static final int HEADER = 8;

  /**
   * What says whether the guest ran: a length, then a state by name in a field of so many bytes.
   */
  private static final String GLOBAL_STATE = "globalstate";

  private static final int STATE_NAME = 100;

  /** Needs to be loaded before RAM, for which there is no place here. */
  private static final String EARLY = "virtio-mem-device-early";

  private final byte[] bytes;
  private final List<DeviceSection> sections = new ArrayList<>();
  private long highestId;

  private DeviceStates(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads them.
   *
   * @throws DamagedException if they are not whole
   * @throws RequestException UNSUPPORTED if there is a device that a guest saved so would lack
   */
  public static DeviceStates parse(byte[] bytes) throws DamagedException, RequestException {
    DeviceStates states = new DeviceStates(bytes.clone());
    states.walk();
    return states;
  }

  private void walk() throws DamagedException, RequestException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length < HEADER || in.getInt() != Wire.MAGIC || in.getInt() != Wire.VERSION) {
      throw damaged("they do not begin as a stream does");
    }
    while (in.hasRemaining() && in.get(in.position()) == Wire.FULL) {
      section(in);
    }
    if (in.remaining() != 1 || in.get() != Wire.EOF || sections.isEmpty()) {
      throw damaged("no end stands behind section " + sections.size());
    }
  }

  private void section(ByteBuffer in) throws DamagedException, RequestException {
    int begin = in.position();
    String name = name(in, begin);
    if (name == null) {
      throw damaged("section " + sections.size() + " has no header");
    }
    if (name.equals(EARLY)) {
      throw new RequestException(
          ErrorCode.UNSUPPORTED,
          "route memory",
          "the guest has virtio-mem, whose state is loaded before RAM",
          "use the route multifd or stream");
    }
    long id = in.getInt(begin + 1) & 0xffffffffL;
    highestId = Math.max(highestId, id);
    int header = Wire.HEADER_LENGTH + name.getBytes(StandardCharsets.UTF_8).length;
    int body = begin + header;
    long instance = in.getInt(body - 2 * Integer.BYTES) & 0xffffffffL;
    long version = in.getInt(body - Integer.BYTES) & 0xffffffffL;
    for (int at = body; at + Wire.FOOTER_LENGTH < bytes.length; at++) {
      int next = at + Wire.FOOTER_LENGTH;
      if (bytes[at] == Wire.FOOTER
          && in.getInt(at + 1) == (int) id
          && (bytes[next] == Wire.EOF && next == bytes.length - 1 || name(in, next) != null)) {
        sections.add(new DeviceSection(name, instance, version, body, at - body));
        in.position(next);
        return;
      }
    }
    throw damaged("section " + name + " has no footer");
  }

  /** The name in the header of a section; null if none stands there. */
  private String name(ByteBuffer in, int at) {
    if (at + Wire.HEADER_LENGTH > bytes.length || bytes[at] != Wire.FULL) {
      return null;
    }
    int length = bytes[at + 5] & 0xff;
    if (length == 0 || at + Wire.HEADER_LENGTH + length > bytes.length) {
      return null;
    }
    for (int i = at + 6; i < at + 6 + length; i++) {
      if (bytes[i] < ' ' || bytes[i] > '~') {
        return null;
      }
    }
    return new String(bytes, at + 6, length, StandardCharsets.US_ASCII);
  }

  private static DamagedException damaged(String why) {
    return new DamagedException(WHERE, why, "save the guest by another route");
  }

  /** An id that no section has, for RAM's. */
  public long freeId() {
    return highestId + 1;
  }

  /**
   * The point in the guest's own time at which they were saved: the section {@code timer}, which
   * stays as it is for as long as the guest stands still, in hexadecimal digits.
   */
  public String time() throws DamagedException {
    for (DeviceSection section : sections) {
      if (section.name().equals("timer")) {
        int begin = (int) section.offset();
        return HexFormat.of().formatHex(bytes, begin, begin + (int) section.length());
      }
    }
    throw damaged("they do not say at which time of the guest they were saved");
  }

  /**
   * Says what the guest was doing: QEMU itself always says here that it ran.
   *
   * @param state in QEMU's word, for example {@code paused}
   */
  public void setState(String state) throws DamagedException {
    DeviceSection section = sections.get(sections.size() - 1);
    byte[] name = state.getBytes(StandardCharsets.US_ASCII);
    if (!section.name().equals(GLOBAL_STATE)
        || section.length() < Integer.BYTES + STATE_NAME
        || name.length >= STATE_NAME) {
      throw damaged("the last section does not say whether the guest ran");
    }
    ByteBuffer out = ByteBuffer.wrap(bytes, (int) section.offset(), Integer.BYTES + STATE_NAME);
    out.putInt(name.length + 1);
    out.put(new byte[STATE_NAME]);
    out.position((int) section.offset() + Integer.BYTES).put(name);
  }

  /**
   * The device part of a stream: the sections, the end byte, and a description of the devices as
   * QEMU appends one, in which the length of each stands.
   */
  public ByteBuffer devicePart(int pageSize) {
    JsonArray devices = new JsonArray();
    for (DeviceSection section : sections) {
      JsonObject device = new JsonObject();
      device.addProperty("name", section.name());
      device.addProperty("instance_id", section.instanceId());
      device.addProperty("size", section.length());
      devices.add(device);
    }
    JsonObject description = new JsonObject();
    description.addProperty("page_size", pageSize);
    description.add("devices", devices);
    byte[] text = description.toString().getBytes(StandardCharsets.UTF_8);
    int length = bytes.length - HEADER;
    ByteBuffer out = ByteBuffer.allocate(length + 1 + Integer.BYTES + text.length);
    out.put(bytes, HEADER, length).put((byte) Wire.VMDESCRIPTION);
    return out.putInt(text.length).put(text).flip();
  }
}
