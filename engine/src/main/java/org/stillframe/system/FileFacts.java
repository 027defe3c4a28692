/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import java.util.Map;
import org.stillframe.spi.TargetKind;

/**
 * What fstat(2), statfs(2) and statx(2) say of an open descriptor.
 *
 * @param size st_size in bytes
 * @param blockSize st_blksize in bytes
 * @param fileSystem its name, for example {@code ext4}; the magic in hexadecimal if unknown to us
 * @param directMemoryAlignment STATX_DIOALIGN for buffers in bytes; 0 for impossible, -1 unknown
 * @param directOffsetAlignment STATX_DIOALIGN for offsets in bytes; 0 for impossible, -1 unknown
 */
public record FileFacts(
    TargetKind kind,
    long size,
    int blockSize,
    String fileSystem,
    int directMemoryAlignment,
    int directOffsetAlignment) {
  private static final int FORMAT_MASK = 0xf000;

  // statfs(2), f_type.
  private static final Map<Long, String> FILE_SYSTEMS =
      Map.ofEntries(
          Map.entry(0xEF53L, "ext4"),
          Map.entry(0x58465342L, "xfs"),
          Map.entry(0x9123683EL, "btrfs"),
          Map.entry(0x01021994L, "tmpfs"),
          Map.entry(0x858458F6L, "ramfs"),
          Map.entry(0x958458F6L, "hugetlbfs"),
          Map.entry(0x2FC12FC1L, "zfs"),
          Map.entry(0xF2F52010L, "f2fs"),
          Map.entry(0x6969L, "nfs"),
          Map.entry(0x00C36400L, "ceph"),
          Map.entry(0x794C7630L, "overlayfs"),
          Map.entry(0x65735546L, "fuse"),
          Map.entry(0x50495045L, "pipefs"),
          Map.entry(0x534F434BL, "sockfs"));

  static FileFacts of(FileStatus status, long magic) {
    String name = magic == 0 ? "" : FILE_SYSTEMS.getOrDefault(magic, Long.toHexString(magic));
    return new FileFacts(
        kind(status.mode()),
        status.size(),
        status.blockSize(),
        name,
        status.directMemoryAlignment(),
        status.directOffsetAlignment());
  }

  static TargetKind kind(int mode) {
    return switch (mode & FORMAT_MASK) {
      case 0x8000 -> TargetKind.REGULAR;
      case 0x6000 -> TargetKind.BLOCK;
      case 0x1000 -> TargetKind.PIPE;
      case 0xc000 -> TargetKind.SOCKET;
      case 0x4000 -> TargetKind.DIRECTORY;
      case 0xa000 -> TargetKind.LINK;
      default -> TargetKind.CHARACTER;
    };
  }
}
