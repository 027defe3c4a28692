/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class StreamKindTest {

  @Test
  void recognisesAFileByItsFirstBytes() {
    assertEquals(StreamKind.EMPTY, kind(new StreamBuilder()));
    assertEquals(StreamKind.UNKNOWN, kind(new StreamBuilder().text("QEV")));
    assertEquals(StreamKind.UNKNOWN, kind(new StreamBuilder().text("LibvirtQemudSav")));
    assertEquals(StreamKind.LIBVIRT_IMAGE, kind(new StreamBuilder().text("LibvirtQemudSave")));
    assertEquals(
        StreamKind.LIBVIRT_UNFINISHED, kind(new StreamBuilder().text("LibvirtQemudPart").u64(2)));
    assertEquals(StreamKind.QEMU_STREAM, kind(new StreamBuilder().text("QEVM")));
    assertEquals(StreamKind.QEMU_STREAM, kind(StreamBuilder.listed()));
    assertEquals(
        StreamKind.QEMU_STREAM, kind(StreamBuilder.plain().capabilities("x-ignore-shared")));
    assertEquals(
        StreamKind.QEMU_MAPPED_RAM, kind(StreamBuilder.plain().capabilities("mapped-ram").u8(1)));
  }

  @Test
  void leavesTheBufferAsItWas() {
    ByteBuffer head =
        ByteBuffer.wrap(StreamBuilder.plain().capabilities("mapped-ram").bytes()).position(0);
    assertEquals(StreamKind.QEMU_MAPPED_RAM, StreamKind.of(head));
    assertEquals(0, head.position());
    assertEquals(StreamKind.UNKNOWN, StreamKind.of(head.position(1)));
  }

  private static StreamKind kind(StreamBuilder stream) {
    return StreamKind.of(ByteBuffer.wrap(stream.bytes()));
  }
}
