/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Encodes what the main stream of a multifd migration holds of RAM: all pages travel in other
 * channels, those of zeros here if need be. Stateless and thread-safe.
 */
public final class MainStreamEncoder {
  /** The most bytes of the record of a zero page. */
  public static final int ZERO_RECORD_LIMIT = Long.BYTES + 1 + 255 + 1;

  private final boolean flushWords;
  private final int sectionId;

  /**
   * An encoder.
   *
   * @param flushWords whether the channels are waited for at words of their own, which QEMU knows
   *     since 8.1
   * @param sectionId of RAM's section, 0 to 2<sup>32</sup>-1
   */
  public MainStreamEncoder(boolean flushWords, long sectionId) {
    this.flushWords = flushWords;
    this.sectionId = (int) sectionId;
  }

  /** The first bytes of the stream, by which a receiver knows it. */
  public static byte[] header() {
    return new Bytes().u32(Wire.MAGIC).u32(Wire.VERSION).out.toByteArray();
  }

  /** From behind the header to the footer of the list of blocks. */
  public byte[] list(Configuration configuration, List<RamBlock> blocks) {
    Bytes out = new Bytes();
    byte[] machine = configuration.machine().getBytes(StandardCharsets.UTF_8);
    out.u8(Wire.CONFIGURATION).u32(machine.length).raw(machine);
    int pageBits = Integer.numberOfTrailingZeros(configuration.pageSize());
    if (pageBits != Wire.DEFAULT_PAGE_BITS) {
      out.u8(Wire.SUBSECTION).text(Wire.PAGE_BITS).u32(1).u32(pageBits);
    }
    out.u8(Wire.START).u32(sectionId).text(Wire.RAM).u32(0).u32(Wire.RAM_VERSION);
    out.u64(blocks.stream().mapToLong(RamBlock::usedLength).sum() | Wire.RAM_MEM_SIZE);
    blocks.forEach(block -> out.text(block.name()).u64(block.usedLength()));
    return end(out);
  }

  /** A whole section of RAM without pages, and not the last. */
  public byte[] emptySection() {
    return end(new Bytes().u8(Wire.PART).u32(sectionId));
  }

  /** What opens the last section of RAM, in which zero pages may stand. */
  public byte[] lastSection() {
    return new Bytes().u8(Wire.END).u32(sectionId).out.toByteArray();
  }

  /** What ends the last section of RAM, with its footer; device sections follow. */
  public byte[] lastSectionEnd() {
    return end(new Bytes());
  }

  private byte[] end(Bytes out) {
    if (flushWords) {
      out.u64(Wire.RAM_MULTIFD_FLUSH);
    }
    return out.u64(Wire.RAM_EOS).u8(Wire.FOOTER).u32(sectionId).out.toByteArray();
  }

  /** Puts the record of a zero page; {@link #ZERO_RECORD_LIMIT} bytes at the most. */
  public void zeroPage(ByteBuffer to, byte[] blockName, long offset) {
    to.putLong(offset | Wire.RAM_ZERO).put((byte) blockName.length).put(blockName).put((byte) 0);
  }

  private static final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Bytes u8(int value) {
      out.write(value);
      return this;
    }

    Bytes u32(int value) {
      return raw(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }

    Bytes u64(long value) {
      return raw(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    Bytes text(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return u8(bytes.length).raw(bytes);
    }

    Bytes raw(byte[] bytes) {
      out.writeBytes(bytes);
      return this;
    }
  }
}
