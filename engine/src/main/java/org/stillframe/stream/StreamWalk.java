/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import org.stillframe.error.StillframeException;

/**
 * One walk over one stream: the order of its sections, their headers and their footers (QEMU's
 * savevm format, version 3). The bodies are {@link RamSection}'s, {@link EarlySections}' and {@link
 * DevicePart}'s.
 */
final class StreamWalk {
  private static final String SECTIONS = "section header";

  private final StreamInput input;
  private final StreamListener listener;
  private final boolean multifd;
  private final EarlySections early;
  private RamSection ram;
  private long ramId;
  private boolean listed;
  private boolean pagesBegun;

  StreamWalk(StreamInput input, StreamListener listener, boolean multifd) {
    this.input = input;
    this.listener = listener;
    this.multifd = multifd;
    early = new EarlySections(input, listener);
  }

  /** Walks a stream that is all of the input. */
  ImageSummary walk() throws StillframeException {
    return devices().finish(ram.table().counts(), listener);
  }

  /** Walks a stream that other bytes may follow, and tells its length. */
  long length() throws StillframeException {
    return devices().length();
  }

  private DevicePart devices() throws StillframeException {
    Configuration configuration = ConfigurationReader.read(input);
    if (configuration.mappedRam()) {
      throw Faults.unsupported(
          input.position(),
          "CONFIGURATION section",
          "capability mapped-ram is on: this is "
              + StreamKind.QEMU_MAPPED_RAM.label()
              + ", no stream",
          "read it as an image with the layout mapped");
    }
    listener.configuration(configuration);
    ram = new RamSection(input, listener, configuration, multifd);
    while (section()) {
      // until RAM has ended
    }
    listener.ramEnd();
    DevicePart devices = new DevicePart(input, configuration, early.sections());
    devices.begin();
    listener.devices(input.position());
    return devices;
  }

  /** Reads one section; false if it was the end of RAM. */
  private boolean section() throws StillframeException {
    input.reading(SECTIONS);
    long at = input.position();
    int type = input.u8();
    switch (type) {
      case Wire.START -> start(at);
      case Wire.PART, Wire.END -> {
        pages(at);
        return type == Wire.PART;
      }
      case Wire.FULL -> full(at);
      case Wire.COMMAND -> Commands.pass(input, at);
      case Wire.EOF -> throw Faults.damaged(at, SECTIONS, "the sections end before the end of RAM");
      default ->
          throw Faults.damaged(
              at, SECTIONS, String.format("0x%02x is not the type of a section here", type));
    }
    return true;
  }

  private void start(long at) throws StillframeException {
    ramId = RamFrame.start(input, at);
    if (listed) {
      throw Faults.damaged(at, SECTIONS, "RAM starts twice");
    }
    listener.ramSection(ramId);
    ram.list();
    RamFrame.footer(input, ramId);
    listed = true;
  }

  private void pages(long at) throws StillframeException {
    long id = input.u32();
    if (!listed || id != ramId) {
      throw Faults.damaged(at, SECTIONS, "it goes on with section " + id + ", which never started");
    }
    pagesBegun = true;
    ram.records();
    RamFrame.footer(input, ramId);
  }

  private void full(long at) throws StillframeException {
    SectionHeader header = SectionHeader.read(input, SECTIONS);
    if (!listed) {
      throw Faults.unsupported(
          at,
          SECTIONS,
          "device section " + header.name() + " stands before RAM and cannot be read past",
          "save with a QEMU whose stream this release reads");
    }
    if (pagesBegun) {
      throw RamFrame.backgroundSnapshot(at, header.name());
    }
    early.read(header, at, ramId);
  }
}
