/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks the device sections with the lengths that the closing description gives them, and checks
 * that each has the header and the footer it must have.
 */
final class DeviceWalk {
  private final ByteBuffer bytes;
  private final long base;
  private final List<DeviceSection> sections = new ArrayList<>();
  private String misfit = "";

  /**
   * Creates a walk.
   *
   * @param bytes the sections, from the type byte of the first to the footer of the last;
   *     big-endian
   * @param base the offset in the stream of the first
   */
  DeviceWalk(ByteBuffer bytes, long base) {
    this.bytes = bytes;
    this.base = base;
  }

  /**
   * Walks.
   *
   * @param early the sections already read; the description lists them first
   * @return whether every byte fell into place
   */
  boolean walk(List<DeviceSection> early, List<VmDescription.Device> devices) {
    if (devices.size() < early.size()) {
      return misfit("the description lists fewer devices than stand before the pages");
    }
    for (int i = 0; i < devices.size(); i++) {
      VmDescription.Device device = devices.get(i);
      if (device.length() < 0) {
        return misfit("the description gives no length for " + device.name());
      }
      if (i < early.size() ? !same(early.get(i), device) : !section(device)) {
        return false;
      }
    }
    return !bytes.hasRemaining()
        || misfit(bytes.remaining() + " bytes follow the last device of the description");
  }

  /** The sections found; all of them if {@link #walk} returned true. */
  List<DeviceSection> sections() {
    return sections;
  }

  /** Why the walk failed; empty if it did not. */
  String misfit() {
    return misfit;
  }

  private boolean same(DeviceSection section, VmDescription.Device device) {
    return section.name().equals(device.name())
            && (int) section.instanceId() == device.instance()
            && section.length() == device.length()
        || misfit("section " + section.name() + " is not as the description has it");
  }

  private boolean section(VmDescription.Device device) {
    byte[] name = device.name().getBytes(StandardCharsets.UTF_8);
    long at = base + bytes.position();
    long around = (long) Wire.HEADER_LENGTH + name.length + Wire.FOOTER_LENGTH;
    if (device.length() > bytes.remaining() - around) {
      return misfit("section " + device.name() + " does not fit in at byte " + at);
    }
    boolean header = bytes.get() == Wire.FULL;
    int id = bytes.getInt();
    header &= (bytes.get() & 0xff) == name.length;
    header &= bytes.slice().limit(name.length).equals(ByteBuffer.wrap(name));
    bytes.position(bytes.position() + name.length);
    header &= bytes.getInt() == device.instance();
    if (!header) {
      return misfit("byte " + at + " is not the header of section " + device.name());
    }
    long version = bytes.getInt() & 0xffffffffL;
    long body = base + bytes.position();
    bytes.position(bytes.position() + (int) device.length());
    if (bytes.get() != Wire.FOOTER || bytes.getInt() != id) {
      return misfit("section " + device.name() + " at byte " + at + " has no footer at its end");
    }
    long instance = device.instance() & 0xffffffffL;
    sections.add(new DeviceSection(device.name(), instance, version, body, device.length()));
    return true;
  }

  private boolean misfit(String why) {
    misfit = why;
    return false;
  }
}
