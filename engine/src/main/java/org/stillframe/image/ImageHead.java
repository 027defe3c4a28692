/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;

/**
 * The first bytes of an image in the making. Where an older image may stand, they are zeros until
 * all else is durable, so that no mixture of the two is ever taken for an image. Used by one thread
 * after another.
 */
final class ImageHead {
  /**
   * What stands in an image's first bytes decides whether it is one. So many at the most are stored
   * together, or not at all, by every disk: the size of the smallest sectors.
   */
  private static final int LENGTH = 512;

  private final Target target;
  private final StateFile file;
  private final ByteBuffer bytes;

  ImageHead(Target target, StateFile file, boolean inPlace) {
    this.target = target;
    this.file = file;
    boolean last = inPlace && target.kind().seekable();
    bytes = ByteBuffer.allocateDirect(last ? LENGTH : 0);
  }

  /** Takes the first bytes, as many as it has room for; in their place zeros are to be written. */
  ByteBuffer bytes() {
    return bytes;
  }

  /**
   * Takes the first bytes of the image out of a buffer that begins with them: see {@link #bytes}.
   */
  void holdBack(ByteBuffer first) {
    for (int i = 0; i < first.limit() && bytes.hasRemaining(); i++) {
      bytes.put(first.get(i));
      first.put(i, (byte) 0);
    }
  }

  /** Takes away what makes an image of what stands there. */
  void discardOlder(IoQueue queue) throws IOException {
    if (bytes.capacity() == 0) {
      return;
    }
    if (target.kind() == TargetKind.REGULAR) {
      file.truncate(0);
    } else {
      transfer(queue, ByteBuffer.allocateDirect(LENGTH));
    }
    file.sync();
  }

  /**
   * Makes the image durable, its first bytes last.
   *
   * @param length of the image in bytes
   */
  void settle(long length) throws StillframeException {
    try {
      if (target.kind() == TargetKind.REGULAR) {
        file.truncate(length);
      }
      file.sync();
      if (bytes.position() > 0) {
        try (IoQueue queue = file.openQueue(1, List.of())) {
          transfer(queue, bytes.flip());
        }
        file.sync();
      }
    } catch (IOException e) {
      throw TransferFailures.of(target.name(), e);
    }
  }

  private static void transfer(IoQueue queue, ByteBuffer first) throws IOException {
    int length = first.remaining();
    int[] written = new int[1];
    IOException[] failure = new IOException[1];
    queue.write(first, 0, 0);
    queue.reap(
        1,
        (tag, transferred, problem) -> {
          written[0] = transferred;
          failure[0] = problem;
        });
    if (failure[0] != null) {
      throw failure[0];
    }
    if (written[0] != length) {
      // A backend may not do this. If one does, what is there is no image, or still an older one.
      throw new IOException("the backend wrote " + written[0] + " of " + length + " bytes");
    }
  }
}
