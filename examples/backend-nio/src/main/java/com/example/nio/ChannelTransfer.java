/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package com.example.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import org.stillframe.spi.support.Transfer;

/** Reads and writes at positions. Used by one thread. */
final class ChannelTransfer implements Transfer {
  private final DescriptorChannel channel;

  ChannelTransfer(DescriptorChannel channel) {
    this.channel = channel;
  }

  @Override
  public void read(ByteBuffer buffer, long offset) throws IOException {
    try {
      FileChannel open = channel.open();
      long position = offset;
      while (buffer.hasRemaining()) {
        int count = open.read(buffer, position);
        if (count < 0) {
          return;
        }
        position += count;
      }
    } catch (NonReadableChannelException e) {
      throw new IOException("the descriptor is open for writing alone", e);
    } catch (ClosedByInterruptException e) {
      throw DescriptorChannel.interrupted(e);
    } catch (IOException e) {
      throw SystemErrors.of("pread", e);
    }
  }

  @Override
  public void write(ByteBuffer buffer, long offset) throws IOException {
    try {
      FileChannel open = channel.open();
      long position = offset;
      while (buffer.hasRemaining()) {
        position += open.write(buffer, position);
      }
    } catch (ClosedByInterruptException e) {
      throw DescriptorChannel.interrupted(e);
    } catch (IOException e) {
      throw SystemErrors.of("pwrite", e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
