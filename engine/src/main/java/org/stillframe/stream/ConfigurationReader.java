/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.stillframe.error.StillframeException;

/** Reads the header and the CONFIGURATION section (QEMU's savevm format, version 3). */
final class ConfigurationReader {
  private static final String WHERE = "CONFIGURATION section";

  /** QEMU lists two capabilities at most; a few more leave room to name the unknown one. */
  private static final int MAX_CAPABILITIES = 64;

  private static final int MAX_NAME = 255;

  /** The flags of a RAM record need the bits below the page size; QEMU's targets stay within. */
  private static final int MIN_PAGE_BITS = 10;

  private static final int MAX_PAGE_BITS = 16;

  private final StreamInput input;
  private final Set<String> seen = new HashSet<>();
  private final List<String> capabilities = new ArrayList<>();
  private int pageBits = Wire.DEFAULT_PAGE_BITS;
  private Optional<UUID> uuid = Optional.empty();

  private ConfigurationReader(StreamInput input) {
    this.input = input;
  }

  /** Reads from byte 0 to the first byte that is no subsection of the configuration. */
  static Configuration read(StreamInput input) throws StillframeException {
    header(input);
    return new ConfigurationReader(input).section();
  }

  private static void header(StreamInput input) throws StillframeException {
    input.reading("the first header");
    long at = input.position();
    long magic = input.u32();
    if (magic != Wire.MAGIC) {
      throw Faults.damaged(
          at, "header", String.format("the magic is 0x%08x, not QEVM: no migration stream", magic));
    }
    long version = input.u32();
    if (version != Wire.VERSION) {
      throw Faults.unsupported(
          at,
          "header",
          "the stream has version " + version + ", not 3",
          "save with a QEMU that writes version 3");
    }
  }

  private Configuration section() throws StillframeException {
    input.reading(WHERE);
    long at = input.position();
    if (input.u8() != Wire.CONFIGURATION) {
      throw Faults.damaged(
          at,
          WHERE,
          "the stream does not begin with its configuration (machine types of QEMU 2.3 and older do"
              + " not send it)");
    }
    long length = input.u32();
    if (length < 1 || length > MAX_NAME) {
      throw Faults.damaged(
          at, WHERE, "the machine type has a name of " + length + " bytes, not 1 to " + MAX_NAME);
    }
    String machine = input.text((int) length);
    while (input.lookAhead(1) == 1 && input.peek(0) == Wire.SUBSECTION) {
      subsection();
    }
    return new Configuration(
        machine, 1 << pageBits, capabilities, uuid, seen.contains(Wire.PAGE_BITS));
  }

  private void subsection() throws StillframeException {
    long at = input.position();
    input.skip(1);
    String name = input.text(input.u8());
    long version = input.u32();
    if (!seen.add(name)) {
      throw Faults.damaged(at, WHERE, "subsection " + name + " stands twice");
    }
    boolean known = Set.of(Wire.CAPABILITIES, Wire.PAGE_BITS, Wire.UUID).contains(name);
    if (!known || version != 1) {
      throw Faults.unsupported(
          at,
          WHERE,
          "subsection " + name + " version " + version + " is not known",
          "save with a QEMU whose stream this release reads");
    }
    input.reading("subsection " + name);
    switch (name) {
      case Wire.CAPABILITIES -> capabilities();
      case Wire.PAGE_BITS -> pageBits();
      default -> uuid = Optional.of(new UUID(input.u64(), input.u64()));
    }
    input.reading(WHERE);
  }

  private void pageBits() throws StillframeException {
    long at = input.position();
    long bits = input.u32();
    if (bits < MIN_PAGE_BITS || bits > MAX_PAGE_BITS) {
      throw Faults.damaged(at, Wire.PAGE_BITS, "a target page of 2^" + bits + " bytes cannot be");
    }
    pageBits = (int) bits;
  }

  private void capabilities() throws StillframeException {
    long at = input.position();
    long count = input.u32();
    if (count > MAX_CAPABILITIES) {
      throw Faults.damaged(at, Wire.CAPABILITIES, "a list of " + count + " capabilities cannot be");
    }
    for (int i = 0; i < count; i++) {
      long nameAt = input.position();
      String name = input.text(input.u8());
      if (capabilities.contains(name)) {
        throw Faults.damaged(nameAt, Wire.CAPABILITIES, "capability " + name + " is listed twice");
      }
      // A capability is listed because it changes what follows: guessing on would misread it.
      if (!name.equals(Wire.IGNORE_SHARED) && !name.equals(Wire.MAPPED_RAM)) {
        throw Faults.unsupported(
            nameAt,
            Wire.CAPABILITIES,
            "capability " + name + " is not known",
            "switch it off at the source and save again");
      }
      capabilities.add(name);
    }
  }
}
