/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

/**
 * Layouts and constants of io_uring, by {@code <linux/io_uring.h>} of the kernel's user-space API.
 * Offsets in bytes.
 */
final class Uapi {
  // Flags of io_uring_setup(2).
  static final int SETUP_SUBMIT_ALL = 1 << 7;
  static final int SETUP_COOP_TASKRUN = 1 << 8;
  static final int SETUP_TASKRUN_FLAG = 1 << 9;

  static final int FEAT_SINGLE_MMAP = 1;

  // Flags of io_uring_enter(2).
  static final int ENTER_GETEVENTS = 1;

  // Operations of io_uring_register(2).
  static final int REGISTER_BUFFERS = 0;
  static final int UNREGISTER_BUFFERS = 1;
  static final int REGISTER_FILES = 2;
  static final int UNREGISTER_FILES = 3;

  // Where mmap(2) finds what.
  static final long OFF_RINGS = 0;
  static final long OFF_SQES = 0x10000000L;

  private Uapi() {}

  /** struct io_uring_params. */
  static final class Params {
    static final int BYTES = 120;
    static final int SQ_ENTRIES = 0;
    static final int CQ_ENTRIES = 4;
    static final int FLAGS = 8;
    static final int FEATURES = 20;
    static final int SQ_HEAD = 40;
    static final int SQ_TAIL = 44;
    static final int SQ_MASK = 48;
    static final int SQ_FLAGS = 56;
    static final int SQ_ARRAY = 64;
    static final int CQ_HEAD = 80;
    static final int CQ_TAIL = 84;
    static final int CQ_MASK = 88;
    static final int CQ_CQES = 100;

    private Params() {}
  }

  /** struct io_uring_sqe. */
  static final class Sqe {
    static final int BYTES = 64;
    static final int OPCODE = 0;
    static final int FLAGS = 1;
    static final int IOPRIO = 2;
    static final int FD = 4;
    static final int OFF = 8;
    static final int ADDR = 16;
    static final int LEN = 24;
    static final int RW_FLAGS = 28;
    static final int USER_DATA = 32;
    static final int BUF_INDEX = 40;

    static final byte OP_NOP = 0;
    static final byte OP_READ_FIXED = 4;
    static final byte OP_WRITE_FIXED = 5;
    static final byte OP_READ = 22;
    static final byte OP_WRITE = 23;

    static final int FIXED_FILE = 1;
    static final int ASYNC = 1 << 4;

    private Sqe() {}
  }

  /** struct io_uring_cqe. */
  static final class Cqe {
    static final int BYTES = 16;
    static final int USER_DATA = 0;
    static final int RES = 8;

    private Cqe() {}
  }

  /** Bits of the submission queue's flags. */
  static final class SqFlags {
    static final int CQ_OVERFLOW = 1 << 1;
    static final int TASKRUN = 1 << 2;

    private SqFlags() {}
  }
}
