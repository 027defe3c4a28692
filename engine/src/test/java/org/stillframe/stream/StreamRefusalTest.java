/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.stillframe.stream.StreamBuilder.PAGE;
import static org.stillframe.stream.StreamBuilder.listed;
import static org.stillframe.stream.StreamBuilder.paged;
import static org.stillframe.stream.StreamBuilder.plain;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.StillframeException;

/** What is refused, under which code, and in which words. */
class StreamRefusalTest {

  static Stream<Arguments> unsupported() {
    return Stream.of(
        arguments("libvirt save image", raw().text("LibvirtQemudSave").u64(2)),
        arguments("version 2, not 3", raw().u32(0x5145564d).u32(2)),
        arguments("mapped-ram is on", plain().capabilities("x-ignore-shared", "mapped-ram")),
        arguments("capability frob", plain().capabilities("frob")),
        arguments("subsection configuration/frob", plain().subsection("configuration/frob")),
        arguments("configuration/uuid version 2", plain().u8(5).str8("configuration/uuid").u32(2)),
        arguments("section dirty-bitmap", plain().header(1, 1, "dirty-bitmap", 0, 1)),
        arguments("section 0000:01:00.0/VFIO", listed().header(1, 9, "0000:01:00.0/VFIO", 0, 1)),
        arguments("section ram has version 3", plain().header(1, 2, "ram", 0, 3)),
        arguments("section slirp stands before RAM", plain().header(4, 1, "slirp", 0, 1)),
        arguments("background-snapshot", listed().part().done().header(4, 7, "timer", 0, 2)),
        arguments("multifd", plain().ramStart(PAGE).str8("a").u64(PAGE).u64(0x200)),
        arguments("multifd", listed().part().u64(0x200)),
        arguments("RDMA", listed().part().u64(0x80)),
        arguments("OPEN_RETURN_PATH", plain().command(1)),
        arguments("PING", plain().command(2, new byte[4])),
        arguments("POSTCOPY_ADVISE", plain().command(3, new byte[16])),
        arguments("POSTCOPY_LISTEN", listed().part().done().command(4)),
        arguments("POSTCOPY_RUN", paged().command(5)),
        arguments("POSTCOPY_RAM_DISCARD", listed().command(6, new byte[20])),
        arguments("PACKAGED", listed().part().done().command(7, new byte[4])),
        arguments("ENABLE_COLO", plain().command(8)),
        arguments("POSTCOPY_RESUME", plain().command(9)),
        arguments("RECV_BITMAP", plain().command(10, new byte[2])));
  }

  static Stream<Arguments> damaged() {
    return Stream.of(
        arguments("empty file", raw()),
        arguments("never finished", raw().text("LibvirtQemudPart").u64(2)),
        arguments("not QEVM", raw().text("#!/bin/sh\n")),
        arguments("begin with its configuration", raw().u32(0x5145564d).u32(3).u8(1)),
        arguments("a name of 4096 bytes", raw().u32(0x5145564d).u32(3).u8(7).u32(4096)),
        arguments("control characters", raw().u32(0x5145564d).u32(3).machine("pc\u001b[2J")),
        arguments("not text", raw().u32(0x5145564d).u32(3).u8(7).u32(1).u8(0xff)),
        arguments("stands twice", plain().capabilities().capabilities()),
        arguments("listed twice", plain().capabilities("x-ignore-shared", "x-ignore-shared")),
        arguments(
            "4294967295 capabilities", plain().subsection("configuration/capabilities").u32(-1)),
        arguments("2^40", plain().subsection("configuration/target-page-bits").u32(40)),
        arguments("end before the end of RAM", listed().u8(0)),
        arguments("0x06 is not the type", plain().u8(6)),
        arguments("0x2a is not the type", paged().u8(0x2a)),
        arguments("no name", plain().header(1, 2, "", 0, 4)),
        arguments("instance 1", plain().header(1, 2, "ram", 1, 4)),
        arguments("starts twice", listed().header(1, 2, "ram", 0, 4)),
        arguments("never started", plain().part()),
        arguments("section 9", listed().u8(2).u32(9)),
        arguments("command 12", listed().command(12)),
        arguments("carries 1 bytes", listed().command(11, (byte) 0)),
        arguments("not with its total", plain().header(1, 2, "ram", 0, 4).u64(PAGE | 8)),
        arguments("not with its total", plain().ramStart(0)),
        arguments("not with its total", plain().ramStart(-PAGE)),
        arguments("no name", plain().ramStart(PAGE).str8("").u64(PAGE)),
        arguments("length 0x0", plain().ramStart(PAGE).str8("a").u64(0)),
        arguments("length 0x800", plain().ramStart(PAGE).str8("a").u64(PAGE / 2)),
        arguments("length 0x2000", plain().ramStart(PAGE).str8("a").u64(2 * PAGE)),
        arguments("length 0xfffffffffffff000", plain().ramStart(PAGE).str8("a").u64(-PAGE)),
        arguments("block a stands twice", plain().ram("a", PAGE, "a", PAGE)),
        arguments("more than 4096 blocks", manyBlocks(4097)),
        arguments("0x8 is not the word", plain().ramStart(PAGE).str8("a").u64(PAGE).u64(8)),
        arguments("\"c\" is not in the list", listed().part().zero("c", 0)),
        arguments("there was none", listed().part().zero(null, 0)),
        arguments("outside its length 0x1000", listed().part().zero("b", PAGE)),
        arguments("outside its length 0x1000", listed().part().zero("b", Long.MIN_VALUE)),
        arguments("said to hold 7", listed().part().record("a", 0, 2).u8(7)),
        arguments("0xc is not the word", listed().part().u64(0xc)),
        arguments("0x1 is not the word", listed().part().u64(1)),
        arguments("0x20 is not the word", listed().part().u64(0x20)),
        arguments("0x1010 is not the word", listed().part().u64(0x1010)),
        arguments("encoding 2", listed().part().record("a", 0, 0x40).u8(2).u16(1)),
        arguments("length 4097", listed().part().record("a", 0, 0x40).u8(1).u16(4097)),
        arguments("length 8193", listed().part().record("a", 0, 0x100).u32(8193)),
        arguments("its footer belongs", listed().part().u64(0x10).u8(0)),
        arguments("footer has the id 3", listed().part().u64(0x10).footer(3)),
        arguments("id of section ram", listed().header(4, StreamBuilder.RAM, "x", 0, 1)),
        arguments("suppress-vmdesc", paged().full(7, "timer", 0).u8(0)),
        arguments("suppress-vmdesc", paged().devices().u8(' ')),
        arguments("states pages of 8192", paged().close("{\"page_size\":8192,\"devices\":[]}")),
        arguments("lists no devices", paged().close("{\"page_size\":4096}")),
        arguments("not JSON", paged().close("{\"devices\":[}")),
        arguments("not JSON", paged().close("{\"devices\":[]}[]")),
        arguments("not JSON", paged().close("{\"devices\":{}}")),
        arguments("not JSON", paged().close("{\"devices\":[{}]}")),
        arguments("not JSON", paged().close("{\"devices\":[{\"name\":\"\\u001b[2J\"}]}")),
        arguments("not JSON", paged().close("{\"devices\":[],\"x\":" + "[".repeat(100_000))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void unsupported(String words, StreamBuilder stream) {
    refused(ErrorCode.UNSUPPORTED, words, stream);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void damaged(String words, StreamBuilder stream) {
    refused(ErrorCode.DAMAGED, words, stream);
  }

  private static void refused(ErrorCode code, String words, StreamBuilder stream) {
    StillframeException e =
        assertThrows(
            StillframeException.class,
            () -> new StreamParser().parse(Chunks.input(stream.bytes(), 64), new Recorder()));
    assertEquals(code, e.code(), e.getMessage());
    assertTrue(e.getMessage().contains(words), e.getMessage());
    assertTrue(e.what().contains("at byte "), e.what());
    assertFalse(e.remedy().isEmpty());
  }

  private static StreamBuilder raw() {
    return new StreamBuilder();
  }

  private static StreamBuilder manyBlocks(int count) {
    StreamBuilder stream = plain().ramStart((long) count * PAGE);
    for (int i = 0; i < count; i++) {
      stream.str8("b" + i).u64(PAGE);
    }
    return stream;
  }
}
