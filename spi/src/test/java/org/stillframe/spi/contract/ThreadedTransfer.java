/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.support.Transfer;

/** Reads and writes by the JDK, whose exceptions are put into the words that the spi asks for. */
final class ThreadedTransfer implements Transfer {
  private static final int PAGE = 4096;

  private final FileChannel file;
  private final Mistake mistake;

  ThreadedTransfer(FileChannel file, Mistake mistake) {
    this.file = file;
    this.mistake = mistake;
  }

  @Override
  public void read(ByteBuffer buffer, long offset) throws IOException {
    int first = buffer.position();
    try {
      while (buffer.hasRemaining()
          && file.read(buffer, place(offset) + buffer.position() - first) >= 0) {}
    } catch (IOException e) {
      throw inTheSystemsWords("pread", e);
    }
  }

  @Override
  public void write(ByteBuffer buffer, long offset) throws IOException {
    int first = buffer.position();
    try {
      if (mistake == Mistake.WRITES_WHOLE_PAGES) {
        writePages(buffer, offset);
      }
      while (buffer.hasRemaining()) {
        file.write(buffer, place(offset) + buffer.position() - first);
      }
    } catch (IOException e) {
      throw inTheSystemsWords("pwrite", e);
    }
  }

  private long place(long offset) {
    return mistake == Mistake.CUTS_OFFSETS_TO_32_BITS ? offset & 0xffff_ffffL : offset;
  }

  private void writePages(ByteBuffer buffer, long offset) throws IOException {
    long from = offset & -PAGE;
    long to = Math.min(file.size(), (offset + buffer.remaining() + PAGE - 1) & -PAGE);
    if (offset + buffer.remaining() <= to) {
      ByteBuffer pages = ByteBuffer.allocate((int) (to - from));
      file.read(pages, from);
      dawdle();
      pages.position((int) (offset - from)).put(buffer);
      file.write(pages.clear(), from);
    }
  }

  private static void dawdle() {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static IOException inTheSystemsWords(String call, IOException e) {
    String said = String.valueOf(e.getMessage());
    return switch (said) {
      case "No space left on device" -> new SystemCallException(call, 28, said + " (ENOSPC)");
      case "File too large" -> new SystemCallException(call, 27, said + " (EFBIG)");
      case "Invalid argument" -> new SystemCallException(call, 22, said + " (EINVAL)");
      default -> e;
    };
  }
}
