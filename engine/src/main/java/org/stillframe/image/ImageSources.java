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
import org.stillframe.stream.StreamKind;

/** Finds out of which layout an image is. Stateless. */
public final class ImageSources {
  private ImageSources() {}

  /** The layouts that can be read. */
  public enum Found {
    /** QEMU's migration stream. */
    STREAM,
    /** QEMU's mapped-ram file. */
    MAPPED
  }

  /** Tells a mapped image by its first bytes; all else is taken for a stream, which says more. */
  public static Found look(Target target, StateFile file) throws StillframeException {
    if (!target.kind().seekable()) {
      return Found.STREAM;
    }
    try (IoQueue queue = file.openQueue(1, List.of())) {
      ByteBuffer head = ByteBuffer.allocateDirect(StreamKind.HEAD_LENGTH);
      new FileBytes(target.name(), file, queue, from -> -1).read(0, head);
      return StreamKind.of(head.flip()) == StreamKind.QEMU_MAPPED_RAM ? Found.MAPPED : Found.STREAM;
    } catch (IOException e) {
      throw TransferFailures.of(target.name(), e);
    }
  }
}
