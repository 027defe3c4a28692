/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.stillframe.stream.Configuration;
import org.stillframe.stream.MappedBlock;
import org.stillframe.stream.MappedHeader;
import org.stillframe.stream.PageBitmap;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.StreamHead;

class QemuArgumentsTest {
  private static RamBlock block(String name, long length) {
    return new RamBlock(0, name, length, OptionalLong.empty());
  }

  private static List<String> eager(RamBlock... blocks) {
    Configuration configuration =
        new Configuration("pc-q35-10.0", 4096, List.of(), Optional.empty(), false);
    return QemuArguments.eager(new StreamHead(configuration, List.of(blocks)));
  }

  @Test
  void eagerSaysWhatAnImageTells() {
    assertEquals(
        List.of("-machine", "pc-q35-10.0", "-m", "128M", "-incoming", "defer"),
        eager(block("pc.ram", 128 << 20), block("pc.bios", 4096)));
    assertEquals(
        List.of(
            "-object",
            "memory-backend-ram,id=foo,size=134221824",
            "-machine",
            "pc-q35-10.0,memory-backend=foo",
            "-m",
            "131076K",
            "-incoming",
            "defer"),
        eager(block("foo", (128 << 20) + 4096)));
    assertEquals(
        List.of("-machine", "pc-q35-10.0", "-incoming", "defer"),
        eager(block("a", 4096), block("b", 4096)));
  }

  @Test
  void commasStandTwice() {
    MappedBlock main =
        new MappedBlock(
            block("pc.ram", 1 << 30), new MappedHeader(4096, 139, 2 << 20), new PageBitmap(1));
    assertEquals(
        List.of(
            "-object",
            "memory-backend-file,id=pc.ram,size=1073741824,share=off,"
                + "mem-path=/srv/a,,b = c,offset=2097152,readonly=on,rom=off",
            "-machine",
            "odd,,type,memory-backend=pc.ram",
            "-m",
            "1024M",
            "-incoming",
            "defer"),
        QemuArguments.instant("odd,type", main, Path.of("/srv/a,b = c")));
  }
}
