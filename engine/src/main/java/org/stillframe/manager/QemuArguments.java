/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.stillframe.stream.MainBlock;
import org.stillframe.stream.MappedBlock;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.StreamHead;

/** Writes arguments of QEMU's. Stateless. */
final class QemuArguments {
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;

  /** Main memory that no backend was named for. */
  private static final Set<String> DEFAULTS = Set.of("pc.ram", "microvm.ram", "mach-virt.ram");

  private QemuArguments() {}

  /** For a QEMU into whose RAM the image is read. */
  static List<String> eager(StreamHead head) {
    String type = head.configuration().machine();
    List<RamBlock> main = MainBlock.candidates(head.blocks());
    if (main.size() != 1) {
      // How large each part of several is to be, and what it belongs to, is not in the image.
      return list(List.of("-machine", value(type)));
    }
    RamBlock block = main.get(0);
    if (DEFAULTS.contains(block.name())) {
      return list(List.of("-machine", value(type), "-m", size(block.usedLength())));
    }
    return backed(type, block, "memory-backend-ram,id=" + block.name() + sized(block));
  }

  /**
   * For a QEMU whose RAM is the page area of an image. Its backend has the block's name for an id,
   * as QEMU names the block by the id.
   *
   * @param image absolute
   */
  static List<String> instant(String type, MappedBlock main, Path image) {
    RamBlock block = main.block();
    return backed(
        type,
        block,
        "memory-backend-file,id="
            + block.name()
            + sized(block)
            + ",share=off,mem-path="
            + value(image.toString())
            + ",offset="
            + main.position(0)
            + ",readonly=on,rom=off");
  }

  private static List<String> backed(String type, RamBlock block, String object) {
    return list(
        List.of(
            "-object",
            object,
            "-machine",
            value(type) + ",memory-backend=" + block.name(),
            "-m",
            size(block.usedLength())));
  }

  private static List<String> list(List<String> begun) {
    List<String> arguments = new ArrayList<>(begun);
    arguments.add("-incoming");
    arguments.add("defer");
    return arguments;
  }

  private static String sized(RamBlock block) {
    return ",size=" + block.usedLength();
  }

  /** In an option's value a comma stands twice. */
  private static String value(String text) {
    return text.replace(",", ",,");
  }

  /** A number without a unit is one of MiB there. */
  private static String size(long bytes) {
    return bytes % MIB == 0 ? bytes / MIB + "M" : bytes / KIB + "K";
  }
}
