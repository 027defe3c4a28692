/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.error.DamagedException;
import org.stillframe.error.StillframeException;

/** Bitmaps that mark nothing, in a file of holes with a byte of data somewhere. */
class BitmapLoaderTest {
  private static final long LENGTH = 8L << 30;

  private final List<MappedBlock> blocks;
  private long read;

  BitmapLoaderTest() throws StillframeException {
    Configuration configuration =
        new Configuration("pc-q35-10.0", 4096, List.of(), Optional.empty(), false);
    List<RamBlock> list =
        List.of(
            new RamBlock(0, "node0", LENGTH, OptionalLong.empty()),
            new RamBlock(1, "node1", LENGTH, OptionalLong.empty()));
    blocks = new MappedLayout(configuration, 1, list).blocks();
  }

  private void load(long byteAt, LongUnaryOperator data) throws StillframeException {
    new BitmapLoader(
            new PositionedBytes() {
              @Override
              public long size() {
                return blocks.get(1).end();
              }

              @Override
              public void read(long position, ByteBuffer buffer) {
                read += buffer.remaining();
                int at = (int) Math.max(-1, Math.min(byteAt - position, buffer.limit()));
                if (at >= 0 && at < buffer.limit()) {
                  buffer.put(at, (byte) 1);
                }
                buffer.position(buffer.limit());
              }

              @Override
              public long data(long position) {
                return data.applyAsLong(position);
              }
            })
        .load(blocks);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 63L << 20, 64L << 20, (5L << 30) + 4095, LENGTH - 1})
  void dataIsFoundWhereverItIs(long offset) {
    long at = blocks.get(1).position(offset);
    long begin = at / 4096 * 4096;
    DamagedException e =
        assertThrows(
            DamagedException.class,
            () -> load(at, from -> from <= begin ? begin : from < begin + 4096 ? from : -1));
    assertTrue(e.getMessage().contains("byte " + at / 8 * 8 + ", RAM block node1"), e.getMessage());
    assertTrue(read < 140 << 20, read + " bytes were read");
  }

  @Test
  void withoutDataItIsAGuestOfZeros() throws Exception {
    load(-1, from -> -1);
    assertTrue(read < 140 << 20, read + " bytes were read");
  }

  @Test
  void zerosThatTakeRoomAreNotReadWithoutEnd() throws Exception {
    load(-1, from -> from);
    assertEquals(4L << 30, read - 2 * MappedBlock.bitmapLength(LENGTH, 4096));
  }
}
