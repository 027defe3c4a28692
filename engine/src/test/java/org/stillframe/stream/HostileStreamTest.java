/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.stillframe.error.CancelledException;
import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.StillframeException;

/** Streams that were cut or spoilt. */
class HostileStreamTest {
  private static final int MUTATIONS = 20_000;

  private final byte[] stream = stream();

  /** Everything the parser knows, in few bytes but for the pages. */
  private static byte[] stream() {
    byte[] early = {1, 2, 3};
    return StreamBuilder.plain()
        .capabilities()
        .ram("a", 2 * StreamBuilder.PAGE, "b", StreamBuilder.PAGE)
        .full(5, "vm0/early", 0, early)
        .part()
        .page("a", 0, 1)
        .zero("b", 0)
        .done()
        .command(11)
        .end()
        .record("a", 0, 0x40)
        .u8(1)
        .u16(2)
        .u16(0)
        .done()
        .devices(StreamBuilder.device("vm0/early", 0, early.length))
        .bytes();
  }

  @Test
  void refusesItCutAtEveryByte() throws Exception {
    new StreamParser().parse(Chunks.input(stream, 64), new Recorder());
    for (int cut = 0; cut < stream.length; cut++) {
      int end = cut;
      assertThrows(
          DamagedException.class,
          () -> new StreamParser().parse(Chunks.input(stream, end, 512), new Recorder()),
          "cut at " + cut);
    }
  }

  /** A device part of nothing but places that look like its end. */
  private static StreamInput falseEnds() {
    StreamBuilder stream = StreamBuilder.paged().header(4, 7, "gpu", 0, 1);
    ByteBuffer part = ByteBuffer.allocate(DevicePart.KEPT);
    while (part.remaining() >= 7) {
      part.put((byte) 0).put((byte) 6).putInt(4).put((byte) '{');
    }
    return Chunks.input(stream.raw(part.array()).bytes(), 1 << 20);
  }

  @Test
  void manyFalseEndsAreRefusedQuickly() {
    DamagedException e =
        assertTimeoutPreemptively(
            Duration.ofSeconds(10),
            () ->
                assertThrows(DamagedException.class, () -> new StreamParser().length(falseEnds())));
    assertEquals("1024 places look like its end and are none", e.why());
  }

  @Test
  void theSearchForTheEndStopsWhenInterrupted() {
    Thread.currentThread().interrupt();
    try {
      CancelledException e =
          assertThrows(CancelledException.class, () -> new StreamParser().length(falseEnds()));
      assertEquals(ErrorCode.CANCELLED, e.code());
    } finally {
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void theEndIsFoundBehindAFalseOneAndBeforeOtherBytes() throws Exception {
    StreamBuilder stream =
        StreamBuilder.paged()
            .full(6, "gpu", 0, "\0\6\0\0\0\4{".getBytes(StandardCharsets.US_ASCII));
    int length = stream.devices().length();
    byte[] followed = stream.text("\0\6\0\0\0\2{}").bytes();
    assertEquals(length, new StreamParser().length(Chunks.input(followed, 64)));
  }

  @Test
  void neverFailsOtherwiseThanByName() {
    long seed = System.nanoTime();
    System.out.println("HostileStreamTest: seed " + seed);
    Random random = new Random(seed);
    assertTimeoutPreemptively(
        Duration.ofSeconds(120),
        () -> {
          for (int i = 0; i < MUTATIONS; i++) {
            mutated(random, "seed " + seed + ", mutation " + i);
          }
        });
  }

  private void mutated(Random random, String name) {
    byte[] spoilt = stream.clone();
    for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
      // Most flips are moved out of the page: its bytes mean nothing to the parser.
      int at = random.nextInt(stream.length);
      at = at > 600 && at < 4200 && random.nextInt(4) != 0 ? at % 200 : at;
      spoilt[at] = (byte) (random.nextBoolean() ? random.nextInt() : spoilt[at] ^ 1 << at % 8);
    }
    try {
      // A listener that keeps nothing: the sizes of blocks are the stream's to choose.
      new StreamParser()
          .parse(Chunks.input(spoilt, 1 + random.nextInt(700)), new StreamListener() {});
    } catch (StillframeException e) {
      // the only failure there may be
    } catch (RuntimeException | Error e) {
      fail(name, e);
    }
  }
}
