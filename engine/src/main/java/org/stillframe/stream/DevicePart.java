/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;
import java.util.List;
import org.stillframe.error.CancelledException;
import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.StillframeException;

/**
 * Reads the rest of a stream behind RAM: device sections, the end byte and the closing description
 * (QEMU's savevm format, version 3), and decides whether the stream is whole.
 *
 * <p>Device sections do not say how long they are, so the part is passed over and the description
 * searched from the end: the end byte, the type byte, a length that reaches to the very end, and
 * JSON. A stream cut anywhere does not end so.
 */
final class DevicePart {
  private static final String WHERE = "device part";

  /**
   * What is kept of the part; descriptions are some hundred kilobytes, device state not much more.
   */
  static final int KEPT = 16 << 20;

  /** The bytes before the JSON: end byte, type byte, u32 length. */
  private static final int DESCRIPTION_HEADER = 6;

  /** More places than this that look like an end and are none do not come about by chance. */
  private static final int MAX_FALSE_ENDS = 1024;

  /** The search looks for an interrupt each time it has passed this many bytes, a power of 2. */
  private static final int INTERRUPT_STRIDE = 1 << 16;

  private final StreamInput input;
  private final Configuration configuration;
  private final List<DeviceSection> early;
  private final Tail tail = new Tail(KEPT);

  DevicePart(StreamInput input, Configuration configuration, List<DeviceSection> early) {
    this.input = input;
    this.configuration = configuration;
    this.early = early;
  }

  /** Passes over commands and checks that a device section, or the end of them, stands next. */
  void begin() throws StillframeException {
    for (; ; ) {
      input.reading("device part, before its first section");
      long at = input.position();
      if (input.lookAhead(1) < 1) {
        throw Faults.cut(at, input.reading());
      }
      int type = input.peek(0);
      if (type == Wire.FULL || type == Wire.EOF) {
        return;
      }
      if (type != Wire.COMMAND) {
        throw Faults.damaged(
            at, WHERE, String.format("0x%02x is not the type of a section here", type));
      }
      input.skip(1);
      Commands.pass(input, at);
    }
  }

  /** Reads to the end of the input. */
  ImageSummary finish(List<BlockSummary> blocks, StreamListener listener)
      throws StillframeException {
    long begin = input.position();
    for (ByteBuffer chunk = input.chunk(); chunk != null; chunk = input.chunk()) {
      listener.deviceBytes(chunk.duplicate());
      tail.put(chunk);
    }
    long total = input.position();
    byte[] kept = tail.bytes();
    int end = endByte(kept, total);
    long endOffset = total - kept.length + end;
    VmDescription description =
        VmDescription.parse(
            kept, end + DESCRIPTION_HEADER, kept.length, endOffset + DESCRIPTION_HEADER);
    if (description.pageSize() >= 0 && description.pageSize() != configuration.pageSize()) {
      throw Faults.damaged(
          endOffset,
          VmDescription.WHERE,
          "it states pages of "
              + description.pageSize()
              + " bytes, not "
              + configuration.pageSize());
    }
    DeviceWalk walk = new DeviceWalk(ByteBuffer.wrap(kept, 0, end), begin);
    String notWalked;
    if (tail.total() > kept.length) {
      notWalked = "the device part has " + tail.total() + " bytes, of which " + KEPT + " are kept";
    } else {
      notWalked = walk.walk(early, description.devices()) ? "" : walk.misfit();
    }
    return new ImageSummary(
        Wire.VERSION,
        configuration,
        blocks,
        early,
        notWalked.isEmpty() ? walk.sections() : List.of(),
        description.devices().stream().map(VmDescription.Device::name).toList(),
        notWalked,
        begin,
        endOffset,
        total);
  }

  /**
   * Searches forward for the first place where the stream may end, and tells its length. Four bytes
   * that fix a length, and JSON of that length that lists devices, do not come about by chance.
   */
  long length() throws StillframeException {
    long begin = input.position();
    ByteBuffer part = ByteBuffer.allocate(input.lookAhead(KEPT));
    for (int i = 0; i < part.capacity(); i++) {
      part.put(i, (byte) input.peek(i));
    }
    int falseEnds = 0;
    for (int at = 0; at + DESCRIPTION_HEADER < part.capacity(); at++) {
      if (at % INTERRUPT_STRIDE == 0) {
        checkInterrupt();
      }
      if (part.get(at) != Wire.EOF || part.get(at + 1) != Wire.VMDESCRIPTION) {
        continue;
      }
      int text = at + DESCRIPTION_HEADER;
      long end = text + (part.getInt(at + 2) & 0xffffffffL);
      if (end > part.capacity() || part.get(text) != '{') {
        continue;
      }
      checkInterrupt();
      try {
        VmDescription.parse(part.array(), text, (int) end, begin + text);
        return begin + end;
      } catch (DamagedException e) {
        falseEnds++;
        if (falseEnds == MAX_FALSE_ENDS) {
          throw Faults.damaged(
              begin + at, WHERE, falseEnds + " places look like its end and are none", e);
        }
      }
    }
    throw Faults.damaged(
        begin, WHERE, "no description of the devices ends it within " + KEPT + " bytes");
  }

  private static void checkInterrupt() throws CancelledException {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancelledException(
          ErrorCode.CANCELLED,
          "search for the end of the stream",
          "the thread was interrupted",
          "");
    }
  }

  /** Where the end byte stands in the kept bytes. */
  static int endByte(byte[] kept, long total) throws DamagedException {
    int zero = kept.length - 1;
    while (zero >= 0 && kept[zero] != 0) {
      zero--;
    }
    // JSON holds no zero byte, so the last one there is belongs to the six bytes before the text.
    ByteBuffer bytes = ByteBuffer.wrap(kept);
    int first = Math.max(0, zero - DESCRIPTION_HEADER + 1);
    for (int at = zero; at >= first; at--) {
      int text = at + DESCRIPTION_HEADER;
      if (text < kept.length
          && kept[at] == Wire.EOF
          && kept[at + 1] == Wire.VMDESCRIPTION
          && (bytes.getInt(at + 2) & 0xffffffffL) == kept.length - text
          && kept[text] == '{') {
        return at;
      }
    }
    throw new DamagedException(
        "migration stream at byte " + total + ", its end",
        "no description of the devices ends it, so it was cut inside the device part, or something"
            + " else follows it",
        "use another copy of it, or save the guest again; a machine with suppress-vmdesc=on leaves"
            + " the description out, and what it saves cannot be told from what was cut");
  }
}
