/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.stillframe.stream.MappedBlock;
import org.stillframe.stream.MappedImage;
import org.stillframe.stream.RamWriter;

/**
 * What the plain stream of a mapped image consists of besides pages and what is copied as it is.
 * The rules are those of {@link MappedStream}, whose stream is to be the same. Immutable.
 */
final class StreamPlan {
  private final MappedImage image;
  private final RamWriter writer;
  private final int pageSize;
  private final byte[] head;
  private final byte[] sectionBegin;
  private final byte[] sectionEnd;
  private final byte[] ramEnd;
  private final int[] names;

  StreamPlan(MappedImage image) {
    this.image = image;
    writer = new RamWriter(image.summary().configuration().mapped(false), image.sectionId());
    pageSize = image.summary().configuration().pageSize();
    List<MappedBlock> blocks = image.blocks();
    head = MappedStream.head(image, writer);
    sectionBegin = bytes(writer::part);
    sectionEnd = bytes(writer::finish);
    ramEnd =
        bytes(
            out -> {
              writer.finish(out);
              writer.end(out);
              writer.finish(out);
            });
    names = new int[blocks.size()];
    for (int i = 0; i < names.length; i++) {
      MappedBlock block = blocks.get(i);
      names[i] = bytes(out -> writer.page(block.block(), 0, true, out)).length - RamWriter.RECORD;
    }
  }

  private static byte[] bytes(Consumer<ByteBuffer> content) {
    ByteBuffer out = ByteBuffer.allocate(2 * RamWriter.MAX_FRAME);
    content.accept(out);
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  MappedImage image() {
    return image;
  }

  RamWriter writer() {
    return writer;
  }

  /** In bytes, of all blocks. */
  int pageSize() {
    return pageSize;
  }

  /** All that stands before the early sections. */
  byte[] head() {
    return head;
  }

  /** What begins a section of records. */
  byte[] sectionBegin() {
    return sectionBegin;
  }

  /** What ends a section of records that another follows. */
  byte[] sectionEnd() {
    return sectionEnd;
  }

  /** What ends the last section of records, and RAM. */
  byte[] ramEnd() {
    return ramEnd;
  }

  /** How many bytes the name of a block takes in a record that names it. */
  int nameLength(int block) {
    return names[block];
  }

  /** The last place in a section where a record may begin, counted from the section's begin. */
  int lastRecord() {
    return MappedStream.CHUNK - RamWriter.RECORD - pageSize - RamWriter.MAX_FRAME;
  }
}
