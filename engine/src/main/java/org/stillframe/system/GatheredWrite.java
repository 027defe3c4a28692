/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import java.nio.ByteBuffer;
import org.stillframe.spi.SystemCallException;

/**
 * Writes pieces of buffers into the memory of another process where they belong, all of them by one
 * process_vm_writev(2): one copy, straight out of the buffers. Used by one thread.
 */
public final class GatheredWrite {
  private static final int MAX_PIECES = ProcessMemory.MAX_RANGES;
  private static final int VECTOR = ProcessMemory.VECTOR;

  private final SystemCalls system;
  private final int process;
  private final ByteBuffer local = SystemCalls.buffer(MAX_PIECES * VECTOR);
  private final ByteBuffer remote = SystemCalls.buffer(MAX_PIECES * VECTOR);
  private ByteBuffer known;
  private long knownAddress;
  private long total;

  /** Writes into a process. Whether that is allowed shows when it is done. */
  public GatheredWrite(SystemCalls system, int process) {
    this.system = system;
    this.process = process;
  }

  /** Whether a call of {@link #write} has something to do. */
  public boolean isEmpty() {
    return total == 0;
  }

  /** Whether no more pieces can be added. */
  public boolean isFull() {
    return !local.hasRemaining() || !remote.hasRemaining();
  }

  /**
   * Adds a piece, whose bytes must stay until they are written. Of pieces for the same memory the
   * last counts.
   *
   * @param from direct
   * @param position where in the buffer, whatever its own position
   * @param address where it belongs in the process
   */
  public void add(ByteBuffer from, int position, long address, int length)
      throws SystemCallException {
    extend(local, address(from) + position, length);
    extend(remote, address, length);
    total += length;
  }

  /** Adds a range, or makes the last one longer if it ends where this begins. */
  private static void extend(ByteBuffer ranges, long address, int length) {
    int last = ranges.position() - VECTOR;
    if (last >= 0 && ranges.getLong(last) + ranges.getLong(last + Long.BYTES) == address) {
      ranges.putLong(last + Long.BYTES, ranges.getLong(last + Long.BYTES) + length);
    } else {
      ranges.putLong(address).putLong(length);
    }
  }

  /** Writes all pieces, and forgets them. */
  public void write() throws SystemCallException {
    int pieces = local.position() / VECTOR;
    int ranges = remote.position() / VECTOR;
    long count =
        system.libc().process_vm_writev(process, local.flip(), pieces, remote.flip(), ranges, 0);
    long length = total;
    clear();
    ProcessMemory.requireAll(system, "process_vm_writev", count, length);
  }

  private void clear() {
    local.clear();
    remote.clear();
    known = null;
    total = 0;
  }

  private long address(ByteBuffer buffer) throws SystemCallException {
    if (buffer != known) {
      knownAddress = system.libc().address(buffer);
      known = buffer;
    }
    return knownAddress;
  }
}
