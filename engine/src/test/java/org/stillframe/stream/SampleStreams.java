/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.stillframe.error.StillframeException;

/** Whole streams for the tests of other packages. */
public final class SampleStreams {
  private SampleStreams() {}

  /** A sound stream of a guest with one block of RAM, none of whose pages are alike. */
  public static byte[] ofPages(int pages) {
    StreamBuilder stream = StreamBuilder.plain().ram("pc.ram", pages * StreamBuilder.PAGE).part();
    for (int i = 0; i < pages; i++) {
      stream.page(i == 0 ? "pc.ram" : null, (long) i * StreamBuilder.PAGE, i);
    }
    return stream.done().end().done().devices().bytes();
  }

  /** The beginning of a file of QEMU's with the pages at fixed offsets. */
  public static byte[] mappedRam() {
    return StreamBuilder.plain().capabilities("mapped-ram").ram("a", StreamBuilder.PAGE).bytes();
  }

  /** A stream whose pages come again and again, filled with a byte or zero. */
  public static byte[] live(Random random, int pages, int records) {
    StreamBuilder stream = StreamBuilder.plain().ram("pc.ram", pages * StreamBuilder.PAGE).part();
    for (int i = 0; i < records; i++) {
      long offset = (long) random.nextInt(pages) * StreamBuilder.PAGE;
      for (int run = random.nextInt(8);
          run >= 0 && offset < pages * (long) StreamBuilder.PAGE;
          run--) {
        if (random.nextInt(3) == 0) {
          stream.zero("pc.ram", offset);
        } else {
          stream.page("pc.ram", offset, 1 + random.nextInt(255));
        }
        offset += StreamBuilder.PAGE;
      }
    }
    return stream.page("pc.ram", 0, 1).done().end().done().devices().bytes();
  }

  /**
   * A stream of a guest with several blocks of random lengths: random bytes, zeros and pages that
   * never come, each in runs of random lengths, and a device section ahead of the pages.
   *
   * @param pages how many pages a block has at the most
   */
  public static byte[] blocks(Random random, int pages) {
    Object[] blocks = new Object[2 * (1 + random.nextInt(5))];
    for (int i = 0; i < blocks.length; i += 2) {
      blocks[i] = (i == 0 ? "pc.ram" : "/rom@etc/" + "x".repeat(random.nextInt(200))) + i;
      blocks[i + 1] = (1 + random.nextInt(pages)) * StreamBuilder.PAGE;
    }
    byte[] early = new byte[random.nextInt(5000)];
    StreamBuilder stream = StreamBuilder.plain().ram(blocks).full(40, "early", 0, early).part();
    for (int i = 0; i < blocks.length; i += 2) {
      int length = (int) blocks[i + 1];
      int longest = random.nextBoolean() ? 3 : 600;
      for (int offset = 0; offset < length; ) {
        int kind = random.nextInt(5);
        for (int run = 1 + random.nextInt(longest); run > 0 && offset < length; run--) {
          if (kind < 3) {
            byte[] page = new byte[StreamBuilder.PAGE];
            random.nextBytes(page);
            stream.record((String) blocks[i], offset, 8).raw(page);
          } else if (kind == 3) {
            stream.zero((String) blocks[i], offset);
          }
          offset += StreamBuilder.PAGE;
        }
      }
    }
    String listed = StreamBuilder.device("early", 0, early.length);
    return stream.done().end().done().devices(listed).bytes();
  }

  /** A stream of a guest whose RAM is zero but for a few pages. */
  public static byte[] nearlyEmpty(Random random, int pages) {
    StreamBuilder stream = StreamBuilder.plain().ram("pc.ram", pages * StreamBuilder.PAGE).part();
    for (int i = 0; i < 20; i++) {
      long offset = (long) random.nextInt(pages) * StreamBuilder.PAGE;
      stream.page("pc.ram", offset, 1 + i);
    }
    return stream.done().end().done().devices().bytes();
  }

  /** A stream of a guest all of whose RAM is zero. */
  public static byte[] zeros(int pages) {
    StreamBuilder stream = StreamBuilder.plain().ram("pc.ram", pages * StreamBuilder.PAGE).part();
    for (int i = 0; i < pages; i++) {
      stream.zero(i == 0 ? "pc.ram" : null, (long) i * StreamBuilder.PAGE);
    }
    return stream.done().end().done().devices().bytes();
  }

  /** The beginning of a stream of a guest part of whose RAM is shared with others. */
  public static byte[] ignoringShared() {
    return StreamBuilder.plain().capabilities("x-ignore-shared").bytes();
  }

  /** A stream with a page that is encoded. */
  public static byte[] encoded() {
    return StreamBuilder.listed()
        .part()
        .record("a", 0, 0x40)
        .u8(1)
        .u16(2)
        .u16(0)
        .done()
        .end()
        .done()
        .devices()
        .bytes();
  }

  /** The stream that QEMU 10.0.2 wrote; the resource's README says which guest. */
  public static byte[] recorded() throws IOException {
    try (InputStream in =
        new GZIPInputStream(SampleStreams.class.getResourceAsStream("q35-qemu-10.0.stream.gz"))) {
      return in.readAllBytes();
    }
  }

  /** The RAM of a stream, block by block. */
  public static Map<String, ByteBuffer> ram(byte[] stream) throws StillframeException {
    Recorder recorder = new Recorder();
    new StreamParser().parse(Chunks.input(stream, 1 << 16), recorder);
    return recorder.ram;
  }
}
