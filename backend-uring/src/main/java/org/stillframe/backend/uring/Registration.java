/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Files and buffers that the kernel looks up once for a ring, and not for each request. That saves
 * work and changes nothing else: where the kernel does not grant it (buffers count as locked
 * memory, RLIMIT_MEMLOCK) requests carry descriptors and addresses instead. Used by one thread at a
 * time.
 */
final class Registration {
  static final int NONE = -1;

  /** What the kernel allowed before Linux 5.13. */
  private static final int MOST_BUFFERS = 1024;

  private static final int LARGEST_BUFFER = 1 << 30;

  /** struct iovec, on 64 bits. */
  private static final int IOVEC_BYTES = 16;

  private final SystemCalls calls;
  private final int ring;
  private final boolean files;
  private final long[] starts;
  private final long[] ends;

  /** Keeps them reachable: the kernel has their pages. */
  private final List<ByteBuffer> buffers;

  /**
   * Registers what it can.
   *
   * @param buffers direct; none if requests do not gain by it
   */
  Registration(SystemCalls calls, int ring, OpenedFiles opened, List<ByteBuffer> buffers) {
    this.calls = calls;
    this.ring = ring;
    files = registerFiles(opened);
    this.buffers = buffers.stream().filter(Registration::isEligible).limit(MOST_BUFFERS).toList();
    ByteBuffer vectors = words(Math.max(1, this.buffers.size()) * IOVEC_BYTES);
    int count = this.buffers.size();
    for (ByteBuffer buffer : this.buffers) {
      vectors.putLong(calls.addressOf(buffer)).putLong(buffer.capacity());
    }
    boolean granted =
        count > 0
            && calls.register(ring, Uapi.REGISTER_BUFFERS, calls.addressOf(vectors), count) >= 0;
    Reference.reachabilityFence(vectors);
    starts = new long[granted ? count : 0];
    ends = new long[starts.length];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = vectors.getLong(i * IOVEC_BYTES);
      ends[i] = starts[i] + vectors.getLong(i * IOVEC_BYTES + Long.BYTES);
    }
  }

  private static boolean isEligible(ByteBuffer buffer) {
    return buffer.capacity() > 0 && buffer.capacity() <= LARGEST_BUFFER;
  }

  private static ByteBuffer words(int length) {
    return ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
  }

  private boolean registerFiles(OpenedFiles opened) {
    ByteBuffer descriptors = words(2 * Integer.BYTES);
    descriptors.putInt(opened.descriptor(OpenedFiles.MAIN));
    descriptors.putInt(opened.descriptor(OpenedFiles.CACHED));
    boolean granted =
        calls.register(ring, Uapi.REGISTER_FILES, calls.addressOf(descriptors), 2) >= 0;
    // An address keeps nothing alive.
    Reference.reachabilityFence(descriptors);
    return granted;
  }

  /** Whether entries name files by their index in {@link OpenedFiles}. */
  boolean hasFiles() {
    return files;
  }

  /** How many buffers are registered. */
  int bufferCount() {
    return starts.length;
  }

  /** The index of the buffer that holds all of a range of memory, or {@link #NONE}. */
  int bufferOf(long address, int length) {
    for (int i = 0; i < starts.length; i++) {
      if (address >= starts[i] && address + length <= ends[i]) {
        return i;
      }
    }
    return NONE;
  }

  /**
   * Gives everything back at once. Closing the ring does so some time later, and until then the
   * file would stay open and locked.
   */
  void close() {
    if (files) {
      calls.register(ring, Uapi.UNREGISTER_FILES, 0, 0);
    }
    if (starts.length > 0) {
      calls.register(ring, Uapi.UNREGISTER_BUFFERS, 0, 0);
    }
  }
}
