/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.stillframe.spi.SystemCallException;

/**
 * Reads and writes the memory of another process, by process_vm_readv(2) and process_vm_writev(2):
 * one copy, straight from or to a buffer. Used by one thread.
 */
public final class ProcessMemory {
  /** The most ranges of one call (UIO_MAXIOV). */
  static final int MAX_RANGES = 1024;

  /** Bytes of struct iovec. */
  static final int VECTOR = 2 * Long.BYTES;

  private final SystemCalls system;
  private final int process;
  private final ByteBuffer local = SystemCalls.buffer(VECTOR);
  private final ByteBuffer remote = SystemCalls.buffer(MAX_RANGES * VECTOR);

  /** The memory of a process. Whether it may be looked at shows when it is. */
  public ProcessMemory(SystemCalls system, int process) {
    this.system = system;
    this.process = process;
  }

  /** Adds a range of the process's memory; 1024 at the most. */
  public void range(long address, long length) {
    remote.putLong(address).putLong(length);
  }

  /**
   * Reads all ranges, one behind the other, into a buffer, and forgets them.
   *
   * @param buffer direct
   * @param position where in the buffer
   * @param length of all ranges together
   */
  public void read(ByteBuffer buffer, int position, int length) throws SystemCallException {
    move("process_vm_readv", buffer, position, length);
  }

  /** Writes all ranges from bytes that follow each other in a buffer; as {@link #read}. */
  public void write(ByteBuffer buffer, int position, int length) throws SystemCallException {
    move("process_vm_writev", buffer, position, length);
  }

  private void move(String call, ByteBuffer buffer, int position, int length)
      throws SystemCallException {
    Libc libc = system.libc();
    local.putLong(0, libc.address(buffer) + position).putLong(Long.BYTES, length);
    int ranges = remote.position() / VECTOR;
    remote.flip();
    long count =
        call.equals("process_vm_readv")
            ? libc.process_vm_readv(process, local, 1, remote, ranges, 0)
            : libc.process_vm_writev(process, local, 1, remote, ranges, 0);
    Reference.reachabilityFence(buffer);
    remote.clear();
    requireAll(system, call, count, length);
  }

  /** What a call has moved must be all: it stops at the first page that is not there. */
  static void requireAll(SystemCalls system, String call, long count, long length)
      throws SystemCallException {
    if (count < 0) {
      throw system.failure(call);
    }
    if (count != length) {
      throw new SystemCallException(
          call, Errno.EFAULT, "only " + count + " of " + length + " bytes were there");
    }
  }
}
