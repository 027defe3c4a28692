/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.stillframe.system.FileIdentity;
import org.stillframe.system.MappedArea;

class MappedPieceTest {
  private static final String MAP =
      """
      55ded3b0c000-55ded3fa3000 r--p 00000000 fe:00 2170898    /usr/bin/qemu
      Size:               4700 kB
      Rss:                4000 kB
      Anonymous:            12 kB
      VmFlags: rd mr mw me sd
      7f2893fff000-7f28a3fff000 rw-p 00100000 fe:00 15343639                   /var/tmp/a b (deleted)
      Size:             262144 kB
      Rss:                1000 kB
      Anonymous:           100 kB
      Swap:                  8 kB
      Private_Hugetlb:       0 kB
      VmFlags: rd wr mr mw me dc ac hg mg
      7f28a3fff000-7f28a4fff000 rw-p 10100000 fe:00 15343639                   /var/tmp/a b (deleted)
      Rss:                   0 kB
      Anonymous:             0 kB
      7f28a5000000-7f28a6000000 rw-s 00000000 00:01 3077                       /memfd:pc.ram (deleted)
      Rss:                   0 kB
      7f28a7000000-7f28a8000000 rw-p 00000000 00:00 0
      """;

  private static List<MappedPiece> over(long begin, long length) throws IOException {
    return MappedPiece.read(new BufferedReader(new StringReader(MAP)), begin, begin + length);
  }

  @Test
  void aRangeIsOfPieces() throws IOException {
    List<MappedPiece> pieces = over(0x7f2893fff000L, 0x11000000L);
    FileIdentity file = new FileIdentity("fe:00", 15343639);
    assertEquals(
        List.of(
            new MappedPiece(
                new MappedArea(
                    0x7f2893fff000L,
                    0x7f28a3fff000L,
                    "rw-p",
                    0x100000,
                    file,
                    "/var/tmp/a b (deleted)"),
                108,
                1008),
            new MappedPiece(
                new MappedArea(
                    0x7f28a3fff000L,
                    0x7f28a4fff000L,
                    "rw-p",
                    0x10100000,
                    file,
                    "/var/tmp/a b (deleted)"),
                0,
                0)),
        pieces);
    assertFalse(pieces.get(0).isMemory());
    assertEquals(1, over(0x7f2894000000L, 0x1000).size());
    assertTrue(over(0x7f28a5000000L, 0x1000000).get(0).isMemory());
    assertEquals(0, over(0x7f28a7000000L, 0x1000).get(0).area().file().inode());
  }

  @Test
  void whatIsNotAllMappedIsNotThere() throws IOException {
    assertEquals(List.of(), over(0x7f2893ffe000L, 0x2000));
    assertEquals(List.of(), over(0x7f28a3fff000L, 0x1001000));
    assertEquals(List.of(), over(0x7f28a7fff000L, 0x2000));
    assertEquals(List.of(), over(0x1000, 0x1000));
  }

  @Test
  void hugePagesThatAreQemusAloneMayHaveBeenWrittenTo() throws IOException {
    String map =
        """
        7f2000000000-7f2001000000 rw-p 00000000 00:0f 55       /dev/hugepages/file
        Rss:                   0 kB
        Anonymous:             0 kB
        Shared_Hugetlb:        0 kB
        Private_Hugetlb:    4096 kB
        """;
    MappedPiece piece =
        MappedPiece.read(
                new BufferedReader(new StringReader(map)), 0x7f2000000000L, 0x7f2001000000L)
            .get(0);
    assertEquals(4096, piece.own());
    assertEquals(4096, piece.present());
  }
}
