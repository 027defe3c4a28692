/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.nio.ByteBuffer;
import org.stillframe.channel.Supervision;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.PositionedBytes;
import org.stillframe.system.FileCalls;

/** The bytes of an opened image, read without a backend. Used by one thread. */
final class DescriptorBytes implements PositionedBytes {
  private final FileCalls files;
  private final Target target;
  private final Supervision.Watch watch;

  /** {@code watch} is looked at ahead of each read. */
  DescriptorBytes(FileCalls files, Target target, Supervision.Watch watch) {
    this.files = files;
    this.target = target;
    this.watch = watch;
  }

  @Override
  public long size() throws StillframeException {
    if (target.kind() == TargetKind.BLOCK) {
      return target.size();
    }
    try {
      return files.size(target.descriptor());
    } catch (SystemCallException e) {
      throw TransferFailures.of(target.name(), e);
    }
  }

  @Override
  public void read(long position, ByteBuffer buffer) throws StillframeException {
    watch.look();
    try {
      files.read(target.descriptor(), buffer, position);
    } catch (SystemCallException e) {
      throw TransferFailures.of(target.name() + " at byte " + position, e);
    }
  }

  @Override
  public long data(long position) {
    return data(files, target, position);
  }

  /** Where data begins in a regular file; -1 if that is not known, or the target is another. */
  static long data(FileCalls files, Target target, long position) {
    if (target.kind() != TargetKind.REGULAR) {
      return -1;
    }
    try {
      return files.data(target.descriptor(), position);
    } catch (SystemCallException e) {
      return -1;
    }
  }
}
