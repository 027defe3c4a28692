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
