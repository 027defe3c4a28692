/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.stillframe.channel.BufferPool;
import org.stillframe.channel.BufferShape;
import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.StreamKind;
import org.stillframe.stream.StreamParser;

/** Looks at the first and the last bytes of a seekable image. Used by one thread. */
final class ImageEnds {
  /** Descriptions of devices, which end a stream, are some hundred kilobytes. */
  private static final int TAIL = 1 << 20;

  private static final BufferShape BUFFER = new BufferShape(1, TAIL, 4096);

  private final Target target;
  private final StateFile file;
  private int count;
  private IOException failure;

  ImageEnds(Target target, StateFile file) {
    this.target = target;
    this.file = file;
  }

  void check() throws StillframeException {
    BufferPool pool = new BufferPool(BUFFER, file);
    ByteBuffer buffer = pool.get(0);
    try (IoQueue queue = file.openQueue(1, pool.all())) {
      read(queue, buffer, 0, StreamKind.HEAD_LENGTH);
      require(target.name(), StreamKind.of(buffer));
      if (target.kind() == TargetKind.REGULAR) {
        long size = file.size();
        read(queue, buffer, Math.max(0, size - TAIL), (int) Math.min(size, TAIL));
        byte[] tail = new byte[buffer.remaining()];
        buffer.get(tail);
        StreamParser.requireEnd(tail, size);
      }
    } catch (StillframeException e) {
      throw TransferFailures.named(target.name(), e);
    } catch (IOException e) {
      throw TransferFailures.of(target.name(), e);
    }
  }

  private void read(IoQueue queue, ByteBuffer buffer, long offset, int length) throws IOException {
    queue.read(buffer.clear().limit(length), offset, 0);
    queue.reap(1, this::completed);
    if (failure != null) {
      throw failure;
    }
    buffer.limit(count);
  }

  private void completed(long tag, int transferred, IOException problem) {
    count = transferred;
    failure = problem;
  }

  /** Refuses by its name what is no image of the layout stream. */
  static void require(String name, StreamKind kind) throws StillframeException {
    switch (kind) {
      case QEMU_STREAM -> {}
      case EMPTY, UNKNOWN, LIBVIRT_UNFINISHED ->
          throw new DamagedException(
              name, "it is " + kind.label(), "choose an image that was saved whole");
      case QEMU_MAPPED_RAM ->
          throw new RequestException(
              ErrorCode.UNSUPPORTED,
              name,
              "it is " + kind.label() + ", which is read at positions and not in order",
              "name the file or the block device itself, not a pipe");
      default ->
          throw new RequestException(
              ErrorCode.UNSUPPORTED,
              name,
              "it is " + kind.label(),
              "this version reads images of the layouts stream and mapped");
    }
  }
}
