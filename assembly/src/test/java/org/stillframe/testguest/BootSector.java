/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.testguest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Collectors;

/**
 * The boot-sector guest, as the content of its disk.
 *
 * <p>It fills up to two ranges of memory, prints {@code filled}, and then prints {@code ok
 * XXXXXXXX} after each round in which it found every word right, or {@code BAD XXXXXXXXXXXXXXXX},
 * an address, and nothing more. The source, {@code boot.S}, describes it in full.
 */
public final class BootSector {
  /** The size of the disk. The BIOS does not read smaller ones. */
  public static final int IMAGE_SIZE = 1 << 20;

  private static final String RESOURCE = "/org/stillframe/guest/boot-sector.hex";
  private static final int CODE_SIZE = 1024;
  private static final int RANGES_OFFSET = 8;
  private static final int SEED_OFFSET = 40;
  private static final int MODE_OFFSET = 48;
  private static final int PATTERN_OFFSET = 49;
  private static final long MIB = 1L << 20;
  private static final long FOUR_GIB = 1L << 32;

  /** What the words of memory look like. */
  public enum Pattern {
    /** Every word differs from every other; does not compress. */
    RANDOM,
    /** One word repeated through each page; compresses to almost nothing. */
    COMPRESSIBLE
  }

  /** What a round does. */
  public enum Mode {
    /** Compares only: after the fill no memory is written. */
    VERIFY,
    /** Replaces each word by that of the next generation once it was compared. */
    REWRITE
  }

  private final byte[] image;

  private BootSector(byte[] image) {
    this.image = image;
  }

  /** Returns a builder for a guest that fills 16 MiB at 1 MiB, random, and only verifies. */
  public static Builder builder() {
    return new Builder();
  }

  /** Writes the disk image, replacing the file if there is one, and returns the file. */
  public Path writeTo(Path file) throws IOException {
    return Files.write(file, image);
  }

  private static byte[] code() {
    try (InputStream resource = BootSector.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new IllegalStateException("not on the class path: " + RESOURCE);
      }
      String digits =
          new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))
              .lines()
              .map(line -> line.replaceFirst("#.*", "").replace(" ", ""))
              .collect(Collectors.joining());
      byte[] code = HexFormat.of().parseHex(digits);
      if (code.length != CODE_SIZE) {
        throw new IllegalStateException(
            RESOURCE + " holds " + code.length + " bytes, not " + CODE_SIZE);
      }
      return code;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Chooses what the guest does. */
  public static final class Builder {
    private final ByteBuffer image =
        ByteBuffer.allocate(IMAGE_SIZE).order(ByteOrder.LITTLE_ENDIAN).put(code());

    private Builder() {}

    /** Fills the bytes from {@code start} to before {@code end}, below 4 GiB. */
    public Builder lowRange(long start, long end) {
      if (end > FOUR_GIB) {
        throw new IllegalArgumentException("the low range must end at or below 4 GiB");
      }
      return range(0, start, end, MIB);
    }

    /** Fills, too, the bytes from {@code start} to before {@code end}, above 4 GiB. */
    public Builder highRange(long start, long end) {
      return range(16, start, end, FOUR_GIB);
    }

    /**
     * Fills so much of the memory of a machine, from its beginning.
     *
     * @param machine the machine type as given to QEMU; decides what lies above 4 GiB
     * @param memoryMib all memory of the machine
     * @param fillMib how much of it to fill: 5 MiB less than all at the most
     */
    public Builder fill(String machine, int memoryMib, int fillMib) {
      int lowMib;
      if (machine.contains("q35")) {
        lowMib = memoryMib < 2816 ? memoryMib : 2048;
      } else {
        lowMib = memoryMib < 3584 ? memoryMib : 3072;
      }
      // The first MiB and the last 4 MiB below 4 GiB belong to the BIOS.
      int first = Math.min(fillMib, lowMib - 5);
      int rest = fillMib - first;
      if (first < 1 || rest > memoryMib - lowMib) {
        throw new IllegalArgumentException(
            "cannot fill " + fillMib + " MiB of " + memoryMib + " MiB");
      }
      lowRange(MIB, MIB + first * MIB);
      return rest > 0 ? highRange(FOUR_GIB, FOUR_GIB + rest * MIB) : range(16, FOUR_GIB, 0, 0);
    }

    /** Sets the number from which all words follow; guests of different seeds differ. */
    public Builder seed(long seed) {
      image.putLong(SEED_OFFSET, seed);
      return this;
    }

    /** Sets what the words look like. */
    public Builder pattern(Pattern pattern) {
      image.put(PATTERN_OFFSET, (byte) (pattern == Pattern.COMPRESSIBLE ? 1 : 0));
      return this;
    }

    /** Sets what a round does. */
    public Builder mode(Mode mode) {
      image.put(MODE_OFFSET, (byte) (mode == Mode.REWRITE ? 1 : 0));
      return this;
    }

    /** Returns the guest. */
    public BootSector build() {
      return new BootSector(image.array().clone());
    }

    private Builder range(int offset, long start, long end, long lowest) {
      boolean used = end != 0;
      if (used && (start < lowest || end <= start || ((start | end) & 7) != 0)) {
        throw new IllegalArgumentException(
            String.format(
                "not a range of 8-byte words at or above 0x%x: 0x%x to 0x%x", lowest, start, end));
      }
      image.putLong(RANGES_OFFSET + offset, start);
      image.putLong(RANGES_OFFSET + offset + 8, end);
      return this;
    }
  }
}
