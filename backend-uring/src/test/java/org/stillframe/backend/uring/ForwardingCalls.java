/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.nio.ByteBuffer;

/** The real system calls, for tests to change one or the other. */
class ForwardingCalls implements SystemCalls {
  private final SystemCalls real = NativeCalls.load();

  @Override
  public int setup(int entries, long params) {
    return real.setup(entries, params);
  }

  @Override
  public int enter(int ring, int toSubmit, int minComplete, int flags) {
    return real.enter(ring, toSubmit, minComplete, flags);
  }

  @Override
  public int register(int ring, int operation, long argument, int count) {
    return real.register(ring, operation, argument, count);
  }

  @Override
  public long map(int ring, long length, long offset) {
    return real.map(ring, length, offset);
  }

  @Override
  public int unmap(long address, long length) {
    return real.unmap(address, length);
  }

  @Override
  public ByteBuffer view(long address, int length) {
    return real.view(address, length);
  }

  @Override
  public long addressOf(ByteBuffer direct) {
    return real.addressOf(direct);
  }

  @Override
  public void copy(long to, long from, int length) {
    real.copy(to, from, length);
  }

  @Override
  public int pageSize() {
    return real.pageSize();
  }

  @Override
  public int open(String path, int flags) {
    return real.open(path, flags);
  }

  @Override
  public int close(int fd) {
    return real.close(fd);
  }

  @Override
  public int flagsOf(int fd) {
    return real.flagsOf(fd);
  }

  @Override
  public int directFlag() {
    return real.directFlag();
  }

  @Override
  public int sync(int fd) {
    return real.sync(fd);
  }

  @Override
  public int reserve(int fd, long offset, long length) {
    return real.reserve(fd, offset, length);
  }

  @Override
  public int truncate(int fd, long size) {
    return real.truncate(fd, size);
  }

  @Override
  public long fileSize(int fd) {
    return real.fileSize(fd);
  }

  @Override
  public long deviceSize(int fd) {
    return real.deviceSize(fd);
  }

  @Override
  public String words(int errno) {
    return real.words(errno);
  }
}
