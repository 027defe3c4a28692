/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;

/**
 * The file itself, opened once more by way of /proc. Not by a FileChannel, which an interrupted
 * thread would close for everybody.
 */
final class FileMedium implements Medium {
  private final RandomAccessFile file;
  private final byte[] chunk = new byte[1 << 16];

  FileMedium(String link, boolean writable) throws IOException {
    try {
      file = new RandomAccessFile(link, writable ? "rw" : "r");
    } catch (FileNotFoundException e) {
      throw Errno.of("open", e);
    }
  }

  @Override
  public long size() throws IOException {
    return attempt("fstat", file::length);
  }

  @Override
  public void read(ByteBuffer buffer, long offset) throws IOException {
    long at = offset;
    while (buffer.hasRemaining()) {
      int length = Math.min(chunk.length, buffer.remaining());
      long from = at;
      int count =
          attempt(
              "pread",
              () -> {
                file.seek(from);
                return file.read(chunk, 0, length);
              });
      if (count < 0) {
        return;
      }
      buffer.put(chunk, 0, count);
      at += count;
    }
  }

  @Override
  public void write(ByteBuffer buffer, long offset) throws IOException {
    long at = offset;
    while (buffer.hasRemaining()) {
      int length = Math.min(chunk.length, buffer.remaining());
      long from = at;
      int position = buffer.position();
      buffer.get(position, chunk, 0, length);
      attempt(
          "pwrite",
          () -> {
            file.seek(from);
            file.write(chunk, 0, length);
            return null;
          });
      // What was written of a chunk that failed is not known: it counts as not written.
      buffer.position(position + length);
      at += length;
    }
  }

  @Override
  public void resize(long size) throws IOException {
    attempt(
        "ftruncate",
        () -> {
          file.setLength(size);
          return null;
        });
  }

  @Override
  public void sync() throws IOException {
    attempt(
        "fsync",
        () -> {
          file.getFD().sync();
          return null;
        });
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private interface Action<T> {
    T run() throws IOException;
  }

  private static <T> T attempt(String call, Action<T> action) throws IOException {
    try {
      return action.run();
    } catch (IOException e) {
      throw Errno.of(call, e);
    }
  }
}
