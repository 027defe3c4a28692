/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Writes what frames RAM in a stream or a mapped file: configuration, list of blocks, records and
 * the ends of sections. It writes into buffers with room enough, big-endian. Stateless but for what
 * it is made with; thread-safe.
 */
public final class RamWriter {
  /** No more than this is written by one {@link #begin} and {@link #block} together. */
  public static final int MAX_HEAD = ConfigurationWriter.MAX_LENGTH + 512;

  /** Bytes of {@link #part} or {@link #end}. */
  static final int SECTION_HEADER = 5;

  /** Bytes of {@link #finish}. */
  static final int SECTION_END = Long.BYTES + Wire.FOOTER_LENGTH;

  /** No section of one record or more is framed by more than this, with the name of its block. */
  public static final int MAX_FRAME = SECTION_HEADER + 256 + SECTION_END;

  /** Bytes of a record beside its name and its page. */
  public static final int RECORD = Long.BYTES;

  /** Bytes of a record of zeros beside its name. */
  public static final int ZERO_RECORD = Long.BYTES + 1;

  private final Configuration configuration;
  private final long sectionId;

  /**
   * Writes RAM.
   *
   * @param configuration what is said of the guest
   * @param sectionId the id of RAM's section
   */
  public RamWriter(Configuration configuration, long sectionId) {
    this.configuration = configuration;
    this.sectionId = sectionId;
  }

  /** Writes all that stands before the first block. */
  public void begin(List<RamBlock> blocks, ByteBuffer out) {
    ConfigurationWriter.write(configuration, out);
    out.put((byte) Wire.START).putInt((int) sectionId);
    ConfigurationWriter.name(Wire.RAM, out);
    out.putInt(0).putInt(Wire.RAM_VERSION);
    long total = 0;
    for (RamBlock block : blocks) {
      total += block.usedLength();
    }
    out.putLong(total | Wire.RAM_MEM_SIZE);
  }

  /** Writes a block's entry in the list. */
  public void block(RamBlock block, ByteBuffer out) {
    ConfigurationWriter.name(block.name(), out);
    out.putLong(block.usedLength());
  }

  /** Begins a section of records. */
  public void part(ByteBuffer out) {
    out.put((byte) Wire.PART).putInt((int) sectionId);
  }

  /** Begins the last section of records. */
  public void end(ByteBuffer out) {
    out.put((byte) Wire.END).putInt((int) sectionId);
  }

  /** Ends the list, or a section of records. */
  public void finish(ByteBuffer out) {
    out.putLong(Wire.RAM_EOS).put((byte) Wire.FOOTER).putInt((int) sectionId);
  }

  /**
   * Writes the word of a record of a page, whose bytes are to follow.
   *
   * @param named whether to name the block; if not, it is that of the record before
   */
  public void page(RamBlock block, long offset, boolean named, ByteBuffer out) {
    record(block, offset | Wire.RAM_PAGE, named, out);
  }

  /** Writes the record of a page of zeros; parameters as for {@link #page}. */
  public void zeroPage(RamBlock block, long offset, boolean named, ByteBuffer out) {
    record(block, offset | Wire.RAM_ZERO, named, out);
    out.put((byte) 0);
  }

  private static void record(RamBlock block, long word, boolean named, ByteBuffer out) {
    if (named) {
      out.putLong(word);
      ConfigurationWriter.name(block.name(), out);
    } else {
      out.putLong(word | Wire.RAM_CONTINUE);
    }
  }
}
