/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.Type;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The C library through jffi, the layer beneath jnr-ffi: every argument is passed as a word, as the
 * calling conventions of 64-bit Linux pass integers and pointers, and no class is generated at run
 * time. A command starts a third of a second sooner than with a POSIX of jnr-posix.
 */
final class JffiLibc implements Libc {
  private final Invoker invoker = Invoker.getInstance();
  private final MemoryIO memory = MemoryIO.getInstance();
  private final LastError lastError = LastError.getInstance();
  private final CallContext arity0 = context(0);
  private final CallContext arity1 = context(1);
  private final CallContext arity2 = context(2);
  private final CallContext arity3 = context(3);
  private final CallContext arity4 = context(4);
  private final CallContext arity5 = context(5);
  private final CallContext arity6 = context(6);

  private final long open = function("open");
  private final long close = function("close");
  private final long lseek = function("lseek");
  private final long fsync = function("fsync");
  private final long ftruncate = function("ftruncate");
  private final long ioctl = function("ioctl");
  private final long fcntl = function("fcntl");
  private final long flock = function("flock");
  private final long rename = function("rename");
  private final long link = function("link");
  private final long unlink = function("unlink");
  private final long geteuid = function("geteuid");
  private final long getpagesize = function("getpagesize");
  private final long socketpair = function("socketpair");
  private final long sendmsg = function("sendmsg");
  private final long poll = function("poll");
  private final long socket = function("socket");
  private final long bind = function("bind");
  private final long connect = function("connect");
  private final long listen = function("listen");
  private final long accept4 = function("accept4");
  private final long recv = function("recv");
  private final long send = function("send");
  private final long read = function("read");
  private final long write = function("write");
  private final long pread = function("pread");
  private final long pwrite = function("pwrite");
  private final long shutdown = function("shutdown");
  private final long setsockopt = function("setsockopt");
  private final long getsockopt = function("getsockopt");
  private final long fstatfs = function("fstatfs");
  private final long statx = function("statx");
  private final long renameat2 = function("renameat2");
  private final long fallocate = function("fallocate");
  private final long process_vm_readv = function("process_vm_readv");
  private final long process_vm_writev = function("process_vm_writev");
  private final long mmap = function("mmap");
  private final long munmap = function("munmap");
  private final long madvise = function("madvise");
  private final long memfd_create = function("memfd_create");
  private final long posix_fadvise = function("posix_fadvise");
  private final long getrusage = function("getrusage");

  /** Finds all functions in what the process has loaded, which every JVM's C library belongs to. */
  JffiLibc() {}

  private static CallContext context(int arguments) {
    Type[] words = new Type[arguments];
    Arrays.fill(words, Type.SLONG);
    return CallContext.getCallContext(Type.SLONG, words, CallingConvention.DEFAULT, true);
  }

  private static long function(String name) {
    long address = Library.getDefault().getSymbolAddress(name);
    if (address == 0) {
      throw new UnsatisfiedLinkError("the C library has no " + name);
    }
    return address;
  }

  private long at(ByteBuffer buffer) {
    return buffer == null ? 0 : memory.getDirectBufferAddress(buffer) + buffer.position();
  }

  @Override
  public int errno() {
    return lastError.get();
  }

  @Override
  public long address(ByteBuffer buffer) {
    return memory.getDirectBufferAddress(buffer);
  }

  @Override
  public int open(ByteBuffer path, int flags, int mode) {
    return (int) invoker.invokeN3(arity3, open, at(path), flags, mode);
  }

  @Override
  public int close(int fd) {
    return (int) invoker.invokeN1(arity1, close, fd);
  }

  @Override
  public long lseek(int fd, long offset, int whence) {
    return invoker.invokeN3(arity3, lseek, fd, offset, whence);
  }

  @Override
  public int fsync(int fd) {
    return (int) invoker.invokeN1(arity1, fsync, fd);
  }

  @Override
  public int ftruncate(int fd, long length) {
    return (int) invoker.invokeN2(arity2, ftruncate, fd, length);
  }

  @Override
  public int ioctl(int fd, long request, ByteBuffer argument) {
    return (int) invoker.invokeN3(arity3, ioctl, fd, request, at(argument));
  }

  @Override
  public int fcntl(int fd, int command) {
    return (int) invoker.invokeN2(arity2, fcntl, fd, command);
  }

  @Override
  public int flock(int fd, int operation) {
    return (int) invoker.invokeN2(arity2, flock, fd, operation);
  }

  @Override
  public int rename(ByteBuffer from, ByteBuffer to) {
    return (int) invoker.invokeN2(arity2, rename, at(from), at(to));
  }

  @Override
  public int link(ByteBuffer from, ByteBuffer to) {
    return (int) invoker.invokeN2(arity2, link, at(from), at(to));
  }

  @Override
  public int unlink(ByteBuffer path) {
    return (int) invoker.invokeN1(arity1, unlink, at(path));
  }

  @Override
  public int geteuid() {
    return (int) invoker.invokeN0(arity0, geteuid);
  }

  @Override
  public int getpagesize() {
    return (int) invoker.invokeN0(arity0, getpagesize);
  }

  @Override
  public int socketpair(int domain, int type, int protocol, ByteBuffer descriptors) {
    return (int) invoker.invokeN4(arity4, socketpair, domain, type, protocol, at(descriptors));
  }

  @Override
  public long sendmsg(int fd, ByteBuffer message, int flags) {
    return invoker.invokeN3(arity3, sendmsg, fd, at(message), flags);
  }

  @Override
  public int poll(ByteBuffer descriptors, long count, int timeoutMillis) {
    return (int) invoker.invokeN3(arity3, poll, at(descriptors), count, timeoutMillis);
  }

  @Override
  public int socket(int domain, int type, int protocol) {
    return (int) invoker.invokeN3(arity3, socket, domain, type, protocol);
  }

  @Override
  public int bind(int fd, ByteBuffer address, int length) {
    return (int) invoker.invokeN3(arity3, bind, fd, at(address), length);
  }

  @Override
  public int connect(int fd, ByteBuffer address, int length) {
    return (int) invoker.invokeN3(arity3, connect, fd, at(address), length);
  }

  @Override
  public int listen(int fd, int backlog) {
    return (int) invoker.invokeN2(arity2, listen, fd, backlog);
  }

  @Override
  public int accept4(int fd, ByteBuffer address, ByteBuffer length, int flags) {
    return (int) invoker.invokeN4(arity4, accept4, fd, at(address), at(length), flags);
  }

  @Override
  public long recv(int fd, ByteBuffer buffer, long length, int flags) {
    return invoker.invokeN4(arity4, recv, fd, at(buffer), length, flags);
  }

  @Override
  public long send(int fd, ByteBuffer buffer, long length, int flags) {
    return invoker.invokeN4(arity4, send, fd, at(buffer), length, flags);
  }

  @Override
  public long read(int fd, ByteBuffer buffer, long length) {
    return invoker.invokeN3(arity3, read, fd, at(buffer), length);
  }

  @Override
  public long write(int fd, ByteBuffer buffer, long length) {
    return invoker.invokeN3(arity3, write, fd, at(buffer), length);
  }

  @Override
  public long pread(int fd, ByteBuffer buffer, long length, long offset) {
    return invoker.invokeN4(arity4, pread, fd, at(buffer), length, offset);
  }

  @Override
  public long pwrite(int fd, ByteBuffer buffer, long length, long offset) {
    return invoker.invokeN4(arity4, pwrite, fd, at(buffer), length, offset);
  }

  @Override
  public int shutdown(int fd, int how) {
    return (int) invoker.invokeN2(arity2, shutdown, fd, how);
  }

  @Override
  public int setsockopt(int fd, int level, int name, ByteBuffer value, int length) {
    return (int) invoker.invokeN5(arity5, setsockopt, fd, level, name, at(value), length);
  }

  @Override
  public int getsockopt(int fd, int level, int name, ByteBuffer value, ByteBuffer length) {
    return (int) invoker.invokeN5(arity5, getsockopt, fd, level, name, at(value), at(length));
  }

  @Override
  public int fstatfs(int fd, ByteBuffer result) {
    return (int) invoker.invokeN2(arity2, fstatfs, fd, at(result));
  }

  @Override
  public int statx(int directory, ByteBuffer path, int flags, int mask, ByteBuffer result) {
    return (int) invoker.invokeN5(arity5, statx, directory, at(path), flags, mask, at(result));
  }

  @Override
  public int renameat2(
      int fromDirectory, ByteBuffer from, int toDirectory, ByteBuffer to, int flags) {
    return (int)
        invoker.invokeN5(arity5, renameat2, fromDirectory, at(from), toDirectory, at(to), flags);
  }

  @Override
  public int fallocate(int fd, int mode, long offset, long length) {
    return (int) invoker.invokeN4(arity4, fallocate, fd, mode, offset, length);
  }

  @Override
  public long process_vm_readv(
      int process,
      ByteBuffer local,
      long localCount,
      ByteBuffer remote,
      long remoteCount,
      long flags) {
    return invoker.invokeN6(
        arity6, process_vm_readv, process, at(local), localCount, at(remote), remoteCount, flags);
  }

  @Override
  public long process_vm_writev(
      int process,
      ByteBuffer local,
      long localCount,
      ByteBuffer remote,
      long remoteCount,
      long flags) {
    return invoker.invokeN6(
        arity6, process_vm_writev, process, at(local), localCount, at(remote), remoteCount, flags);
  }

  @Override
  public long mmap(long address, long length, int protection, int flags, int fd, long offset) {
    return invoker.invokeN6(arity6, mmap, address, length, protection, flags, fd, offset);
  }

  @Override
  public ByteBuffer view(long address, int length) {
    return memory.newDirectByteBuffer(address, length);
  }

  @Override
  public int munmap(long address, long length) {
    return (int) invoker.invokeN2(arity2, munmap, address, length);
  }

  @Override
  public int madvise(long address, long length, int advice) {
    return (int) invoker.invokeN3(arity3, madvise, address, length, advice);
  }

  @Override
  public int memfd_create(ByteBuffer name, int flags) {
    return (int) invoker.invokeN2(arity2, memfd_create, at(name), flags);
  }

  @Override
  public int posix_fadvise(int fd, long offset, long length, int advice) {
    return (int) invoker.invokeN4(arity4, posix_fadvise, fd, offset, length, advice);
  }

  @Override
  public int getrusage(int who, ByteBuffer result) {
    return (int) invoker.invokeN2(arity2, getrusage, who, at(result));
  }
}
