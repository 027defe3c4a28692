/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.stillframe.guest.DescriptorSet;
import org.stillframe.system.Descriptor;
import org.stillframe.system.FileCalls;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.SystemCalls;

/** A set of descriptors as QEMU holds it: copies of what was passed, closed when it is removed. */
final class FakeDescriptorSet implements DescriptorSet {
  private static final int PAGE = 4096;

  private final SystemCalls system = new SystemCalls();
  private final FileCalls files = new FileCalls(system);
  private final List<Descriptor> copies = new ArrayList<>();
  private final Runnable whenRemoved;

  FakeDescriptorSet(List<Descriptor> descriptors, Runnable whenRemoved) throws IOException {
    this.whenRemoved = whenRemoved;
    for (Descriptor descriptor : descriptors) {
      copies.add(files.reopen(descriptor.number(), files.access(descriptor.number())));
    }
  }

  /** The kinds of access there are, as QEMU compares them. */
  Set<String> access() throws IOException {
    Set<String> texts = new TreeSet<>();
    for (Descriptor copy : copies) {
      int access = files.access(copy.number());
      String mode = (access & ~OpenFlags.DIRECT) == OpenFlags.WRITE_ONLY ? "write" : "read";
      texts.add(access >= OpenFlags.DIRECT ? mode + " direct" : mode);
    }
    return texts;
  }

  /** Writes as QEMU does: cuts the file, and leaves holes where there is nothing but zeros. */
  void write(byte[] bytes, int from, int to) throws IOException {
    int fd = copies.get(0).number();
    if (from == 0) {
      system.truncate(fd, 0);
    }
    for (int at = from; at < to; at += PAGE) {
      int length = Math.min(PAGE, to - at);
      ByteBuffer page = ByteBuffer.allocateDirect(length).put(bytes, at, length).flip();
      if (page.mismatch(ByteBuffer.allocate(length)) >= 0) {
        files.write(fd, page, at);
      }
    }
  }

  /** Reads all of the file. */
  byte[] read() throws IOException {
    int fd = copies.get(0).number();
    ByteBuffer all = ByteBuffer.allocateDirect((int) files.size(fd));
    files.read(fd, all, 0);
    byte[] bytes = new byte[all.flip().remaining()];
    all.get(bytes);
    return bytes;
  }

  @Override
  public long number() {
    return 7;
  }

  @Override
  public void close() {
    whenRemoved.run();
    for (Descriptor copy : copies) {
      try {
        copy.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
