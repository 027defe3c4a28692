/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.stillframe.spi.SystemCallException;

/**
 * An io_uring: entries are pushed, submitted and waited for in one call, and their completions read
 * where the kernel has put them. Whoever pushes sees to it that no more are under way than the ring
 * has entries; then neither queue can overflow. Used by one thread at a time.
 */
final class Ring {
  /** Static and final, or the compiler would not make plain loads and stores of it. */
  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private final SystemCalls calls;
  private final int fd;
  private final MappedRings memory;
  private final ByteBuffer rings;
  private final ByteBuffer sqes;
  private final int sqTail;
  private final int sqMask;
  private final int sqFlags;
  private final int cqHead;
  private final int cqTail;
  private final int cqMask;
  private final int cqes;

  // Ours; the kernel's are beyond the fence. Unsigned, and meant to wrap around.
  private int tail;
  private int head;
  private int unsubmitted;
  private int underWay;

  private Ring(SystemCalls calls, int fd, MappedRings memory, RingSetup made) {
    this.calls = calls;
    this.fd = fd;
    this.memory = memory;
    rings = memory.rings();
    sqes = memory.sqes();
    sqTail = made.params(Uapi.Params.SQ_TAIL);
    sqMask = rings.getInt(made.params(Uapi.Params.SQ_MASK));
    sqFlags = made.params(Uapi.Params.SQ_FLAGS);
    cqHead = made.params(Uapi.Params.CQ_HEAD);
    cqTail = made.params(Uapi.Params.CQ_TAIL);
    cqMask = rings.getInt(made.params(Uapi.Params.CQ_MASK));
    cqes = made.params(Uapi.Params.CQ_CQES);
    tail = rings.getInt(sqTail);
    head = rings.getInt(cqHead);
    int array = made.params(Uapi.Params.SQ_ARRAY);
    for (int i = 0; i <= sqMask; i++) {
      rings.putInt(array + i * Integer.BYTES, i);
    }
  }

  /**
   * Sets up a ring.
   *
   * @param entries how many requests may be under way
   * @throws SystemCallException if the system refuses
   */
  static Ring open(SystemCalls calls, int entries) throws SystemCallException {
    RingSetup setup = new RingSetup(calls);
    int fd = setup.open(entries);
    try {
      return new Ring(calls, fd, MappedRings.of(calls, fd, setup), setup);
    } catch (SystemCallException | RuntimeException | Error e) {
      calls.close(fd);
      throw e;
    }
  }

  int descriptor() {
    return fd;
  }

  /** Adds an entry, which the kernel sees with the next {@link #enter}. */
  void push(
      byte opcode, int flags, int file, long offset, long address, int length, int buffer, int id) {
    int at = (tail & sqMask) * Uapi.Sqe.BYTES;
    sqes.put(at + Uapi.Sqe.OPCODE, opcode);
    sqes.put(at + Uapi.Sqe.FLAGS, (byte) flags);
    sqes.putShort(at + Uapi.Sqe.IOPRIO, (short) 0);
    sqes.putInt(at + Uapi.Sqe.FD, file);
    sqes.putLong(at + Uapi.Sqe.OFF, offset);
    sqes.putLong(at + Uapi.Sqe.ADDR, address);
    sqes.putInt(at + Uapi.Sqe.LEN, length);
    sqes.putInt(at + Uapi.Sqe.RW_FLAGS, 0);
    sqes.putLong(at + Uapi.Sqe.USER_DATA, id);
    // Zeroes personality and splice_fd_in as well; what follows stays zero as it was mapped.
    sqes.putLong(at + Uapi.Sqe.BUF_INDEX, buffer & 0xffffL);
    tail++;
    unsubmitted++;
  }

  /** Takes back the entry that was pushed last, and not submitted. */
  void retract() {
    tail--;
    unsubmitted--;
    INT.setRelease(rings, sqTail, tail);
  }

  /** Takes back all entries that were not submitted. */
  void discard() {
    tail -= unsubmitted;
    unsubmitted = 0;
    INT.setRelease(rings, sqTail, tail);
  }

  /** Entries that the kernel has not taken yet. */
  int unsubmitted() {
    return unsubmitted;
  }

  /** Entries that the kernel has taken and whose completions were not read. */
  int underWay() {
    return underWay;
  }

  /**
   * Submits what was pushed, and waits for completions. Both may stay unfinished: if the kernel is
   * short of memory, is interrupted, or has met an entry that it refuses.
   *
   * @param minComplete how many completions to wait for, at most those that are or come under way
   * @return whether the kernel took, or waited for, anything
   * @throws SystemCallException if the ring itself has failed
   */
  boolean enter(int minComplete) throws SystemCallException {
    INT.setRelease(rings, sqTail, tail);
    int taken = calls.enter(fd, unsubmitted, minComplete, Uapi.ENTER_GETEVENTS);
    if (taken >= 0) {
      unsubmitted -= taken;
      underWay += taken;
      return true;
    }
    if (taken == -SystemCalls.EINTR
        || taken == -SystemCalls.EAGAIN
        || taken == -SystemCalls.EBUSY) {
      return false;
    }
    throw calls.failure("io_uring_enter", taken);
  }

  /** Whether completions wait to be brought in by {@link #enter}. */
  boolean isHoldingBack() {
    int flags = (int) INT.getOpaque(rings, sqFlags);
    return (flags & (Uapi.SqFlags.TASKRUN | Uapi.SqFlags.CQ_OVERFLOW)) != 0;
  }

  /** How many completions can be read. */
  int ready() {
    return (int) INT.getAcquire(rings, cqTail) - head;
  }

  /** The id of the {@code index}th completion that can be read. */
  int id(int index) {
    return (int) rings.getLong(completion(index) + Uapi.Cqe.USER_DATA);
  }

  /** The result of the {@code index}th completion: bytes, or a negated error number. */
  int result(int index) {
    return rings.getInt(completion(index) + Uapi.Cqe.RES);
  }

  private int completion(int index) {
    return cqes + ((head + index) & cqMask) * Uapi.Cqe.BYTES;
  }

  /** Gives the room of the first {@code count} completions back to the kernel. */
  void advance(int count) {
    head += count;
    underWay -= count;
    INT.setRelease(rings, cqHead, head);
  }

  /** Unmaps and closes the ring, where nothing is under way any more. Called once. */
  void close() throws IOException {
    memory.unmap();
    int result = calls.close(fd);
    if (result < 0) {
      throw calls.failure("close", result);
    }
  }
}
