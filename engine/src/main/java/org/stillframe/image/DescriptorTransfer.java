/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.nio.ByteBuffer;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.support.Transfer;
import org.stillframe.system.FileCalls;

/** Reads an opened image without a backend. Used by one thread. */
final class DescriptorTransfer implements Transfer {
  private final FileCalls files;
  private final int fd;

  DescriptorTransfer(FileCalls files, int fd) {
    this.files = files;
    this.fd = fd;
  }

  @Override
  public void read(ByteBuffer buffer, long offset) throws SystemCallException {
    files.read(fd, buffer, offset);
  }

  @Override
  public void write(ByteBuffer buffer, long offset) {
    throw new IllegalStateException("an image that is read is not written to");
  }
}
