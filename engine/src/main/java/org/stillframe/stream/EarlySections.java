/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.stillframe.error.StillframeException;

/**
 * Reads past device sections between the list of blocks and the pages, as virtio-mem writes them
 * with machine types of QEMU 8.0 and newer.
 *
 * <p>Such a section does not say how long it is. Its end is found by its footer, the mark and the
 * section's own id, followed by what can stand there: pages of RAM, another device section or a
 * command. Bytes of the state that look like all of that would be taken for the end; what then
 * follows is no section, and the stream is refused as damaged rather than misread. Where the
 * closing description states the length, it is compared later.
 */
final class EarlySections {
  /**
   * The most of all such sections together, as they are held in memory together. virtio-mem writes
   * a bit for each block that can be plugged, of 1 MiB at the least: 64 TiB, the most RAM that is
   * taken on, have 8 MiB of them.
   */
  static final int MAX_LENGTH = 16 << 20;

  /** More sections than this are no guest's. */
  private static final int MAX_SECTIONS = 4096;

  private static final int FIRST_LENGTH = 4096;

  private final StreamInput input;
  private final StreamListener listener;
  private final List<DeviceSection> sections = new ArrayList<>();

  /** What may yet come. */
  private int left = MAX_LENGTH;

  private byte[] bytes = new byte[FIRST_LENGTH];
  private int length;

  EarlySections(StreamInput input, StreamListener listener) {
    this.input = input;
    this.listener = listener;
  }

  /** Those that were read, in order. */
  List<DeviceSection> sections() {
    return sections;
  }

  /**
   * Reads one section whose header is read and whose type byte stands at {@code at}.
   *
   * @param ramId the id of RAM's section
   */
  void read(SectionHeader header, long at, long ramId) throws StillframeException {
    String where = "early section " + header.name();
    input.reading(where);
    if (sections.size() == MAX_SECTIONS) {
      throw Faults.damaged(at, where, "more than " + MAX_SECTIONS + " stand before the pages");
    }
    if (header.id() == ramId) {
      throw Faults.damaged(at, where, "it has the id of section ram");
    }
    header(header);
    int body = length;
    long end = (long) Wire.FOOTER << 32 | header.id();
    long recent = 0;
    while (recent != end || !headerFollows(header.id(), ramId)) {
      if (length >= left) {
        throw Faults.damaged(
            at,
            where,
            "no footer ends it within the " + MAX_LENGTH + " bytes that all of them may have");
      }
      int next = input.u8();
      recent = (recent << 8 | next) & 0xff_ffff_ffffL;
      append(next);
    }
    left -= length;
    sections.add(
        new DeviceSection(
            header.name(),
            header.instance(),
            header.version(),
            at + body,
            length - body - Wire.FOOTER_LENGTH));
    listener.earlySection(header.name(), header.instance(), Arrays.copyOf(bytes, length));
  }

  private void header(SectionHeader header) {
    byte[] name = header.name().getBytes(StandardCharsets.UTF_8);
    length = Wire.HEADER_LENGTH + name.length;
    ByteBuffer.wrap(bytes)
        .put((byte) Wire.FULL)
        .putInt((int) header.id())
        .put((byte) name.length)
        .put(name)
        .putInt((int) header.instance())
        .putInt((int) header.version());
  }

  private void append(int next) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.min(2 * length, MAX_LENGTH));
    }
    bytes[length++] = (byte) next;
  }

  /** Whether the bytes to come can be the header of what follows an early section. */
  private boolean headerFollows(long ownId, long ramId) throws StillframeException {
    if (input.lookAhead(1) < 1) {
      return false;
    }
    return switch (input.peek(0)) {
      case Wire.PART, Wire.END -> input.lookAhead(5) == 5 && u32(1) == ramId;
      case Wire.FULL ->
          input.lookAhead(6) == 6 && u32(1) != ramId && u32(1) != ownId && nameFollows(6);
      case Wire.COMMAND ->
          input.lookAhead(3) == 3 && Commands.known(input.peek(1) << 8 | input.peek(2));
      default -> false;
    };
  }

  private boolean nameFollows(int at) throws StillframeException {
    int count = input.peek(at - 1);
    if (count == 0 || input.lookAhead(at + count) < at + count) {
      return false;
    }
    for (int i = at; i < at + count; i++) {
      if (input.peek(i) < 0x20 || input.peek(i) > 0x7e) {
        return false;
      }
    }
    return true;
  }

  private long u32(int at) {
    return (long) input.peek(at) << 24
        | input.peek(at + 1) << 16
        | input.peek(at + 2) << 8
        | input.peek(at + 3);
  }
}
