/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The kernel, through the C library and JNA. Thread-safe. */
final class NativeCalls implements SystemCalls {
  // The same on x86-64 and aarch64, by <asm/unistd.h>.
  private static final long IO_URING_SETUP = 425;
  private static final long IO_URING_ENTER = 426;
  private static final long IO_URING_REGISTER = 427;

  // <sys/mman.h>
  private static final int PROT_READ_WRITE = 1 | 2;
  private static final int MAP_SHARED_POPULATE = 1 | 0x8000;

  // <fcntl.h>
  private static final int F_GETFL = 3;
  private static final int O_CLOEXEC = 02000000;
  private static final int O_DIRECT_X86 = 040000;
  private static final int O_DIRECT_ARM = 0200000;

  // <linux/falloc.h>
  private static final int FALLOC_FL_KEEP_SIZE = 1;

  // statx(2), <linux/fs.h>
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_SIZE = 0x200;
  private static final int STATX_BYTES = 256;
  private static final int STATX_SIZE_OFFSET = 40;
  private static final long BLKGETSIZE64 = 0x80081272L;

  private final boolean arm;

  private NativeCalls(boolean arm) {
    this.arm = arm;
  }

  /**
   * Loads JNA and binds the C library.
   *
   * @throws LinkageError if that cannot be
   */
  static SystemCalls load() {
    Libc.bind();
    return new NativeCalls(System.getProperty("os.arch").equals("aarch64"));
  }

  /** To be called at once: JNA keeps the error number of the thread's last call. */
  private static long checked(long result) {
    return result == -1 ? -Native.getLastError() : result;
  }

  @Override
  public int setup(int entries, long params) {
    return (int) checked(Libc.syscall(IO_URING_SETUP, entries, params, 0, 0, 0, 0));
  }

  @Override
  public int enter(int ring, int toSubmit, int minComplete, int flags) {
    return (int) checked(Libc.syscall(IO_URING_ENTER, ring, toSubmit, minComplete, flags, 0, 0));
  }

  @Override
  public int register(int ring, int operation, long argument, int count) {
    return (int) checked(Libc.syscall(IO_URING_REGISTER, ring, operation, argument, count, 0, 0));
  }

  @Override
  public long map(int ring, long length, long offset) {
    return checked(Libc.mmap(0, length, PROT_READ_WRITE, MAP_SHARED_POPULATE, ring, offset));
  }

  @Override
  public int unmap(long address, long length) {
    return (int) checked(Libc.munmap(address, length));
  }

  @Override
  public ByteBuffer view(long address, int length) {
    return new Pointer(address).getByteBuffer(0, length).order(ByteOrder.nativeOrder());
  }

  @Override
  public long addressOf(ByteBuffer direct) {
    // The pointer never leaves this method, so that compiled code does not make it at all.
    return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
  }

  @Override
  public void copy(long to, long from, int length) {
    Libc.memcpy(to, from, length);
  }

  @Override
  public int pageSize() {
    return Libc.getpagesize();
  }

  @Override
  public int open(String path, int flags) {
    return (int) checked(Libc.open(path, flags | O_CLOEXEC, 0));
  }

  @Override
  public int close(int fd) {
    return (int) checked(Libc.close(fd));
  }

  @Override
  public int flagsOf(int fd) {
    return (int) checked(Libc.fcntl(fd, F_GETFL, 0));
  }

  @Override
  public int directFlag() {
    return arm ? O_DIRECT_ARM : O_DIRECT_X86;
  }

  @Override
  public int sync(int fd) {
    return (int) checked(Libc.fsync(fd));
  }

  @Override
  public int reserve(int fd, long offset, long length) {
    return (int) checked(Libc.fallocate(fd, FALLOC_FL_KEEP_SIZE, offset, length));
  }

  @Override
  public int truncate(int fd, long size) {
    return (int) checked(Libc.ftruncate(fd, size));
  }

  @Override
  public long fileSize(int fd) {
    ByteBuffer stat = ByteBuffer.allocateDirect(STATX_BYTES).order(ByteOrder.nativeOrder());
    long result = checked(Libc.statx(fd, "", AT_EMPTY_PATH, STATX_SIZE, addressOf(stat)));
    return result < 0 ? result : stat.getLong(STATX_SIZE_OFFSET);
  }

  @Override
  public long deviceSize(int fd) {
    ByteBuffer size = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
    long result = checked(Libc.ioctl(fd, BLKGETSIZE64, addressOf(size)));
    return result < 0 ? result : size.getLong(0);
  }

  @Override
  public String words(int errno) {
    return Libc.strerror(errno) + " (" + symbol(errno) + ")";
  }

  private static String symbol(int errno) {
    String symbol = null;
    try {
      Function name = NativeLibrary.getProcess().getFunction("strerrorname_np");
      symbol = name.invokeString(new Object[] {errno}, false);
    } catch (UnsatisfiedLinkError e) {
      // Since glibc 2.32, and nowhere else: the number must do.
    }
    return symbol == null ? "errno " + errno : symbol;
  }
}
