/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.stillframe.error.StillframeException;

/**
 * What a stream says of its guest before the first page. Immutable.
 *
 * @param blocks the list of RAM
 */
public record StreamHead(Configuration configuration, List<RamBlock> blocks) {
  /** Copies the list; nothing may be null. */
  public StreamHead {
    Objects.requireNonNull(configuration, "configuration");
    blocks = List.copyOf(blocks);
  }

  /**
   * Reads it from the beginning of a stream with its pages in order.
   *
   * @throws org.stillframe.error.DamagedException if it is cut, damaged or none
   * @throws org.stillframe.error.RequestException UNSUPPORTED if it holds something that is refused
   *     by name
   */
  public static StreamHead read(StreamInput input) throws StillframeException {
    Configuration configuration = ConfigurationReader.read(input);
    input.reading("section header");
    long at = input.position();
    int type = input.u8();
    while (type == Wire.COMMAND) {
      Commands.pass(input, at);
      at = input.position();
      type = input.u8();
    }
    if (type != Wire.START) {
      throw Faults.damaged(
          at, "section header", String.format("0x%02x stands where RAM starts", type));
    }
    RamFrame.start(input, at);
    List<RamBlock> blocks = new ArrayList<>();
    new BlockListReader(input, configuration, new BlockTable()).read(blocks::add);
    return new StreamHead(configuration, blocks);
  }
}
