/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/**
 * What the kernel answers when a caller passes a file that we have no right to open: while one is
 * opened again, it has no permissions, and this thread not the capabilities of root that make up
 * for them.
 */
class ReopeningRefused extends OdirectNative {
  /** Capabilities by capabilities(7): those by which root opens everything. */
  private static final int DAC_OVERRIDE_AND_READ_SEARCH = 1 << 1 | 1 << 2;

  private static final int CAPABILITY_VERSION_3 = 0x20080522;

  private static final Libc LIBC = LibraryLoader.create(Libc.class).load("c");

  /** Capabilities of this thread alone. */
  public interface Libc {
    /** capget(2). */
    int capget(@In @Out ByteBuffer header, @Out ByteBuffer data);

    /** capset(2). */
    int capset(@In ByteBuffer header, @In ByteBuffer data);
  }

  @Override
  int reopen(int fd, int flags) {
    ByteBuffer header = buffer(8).putInt(0, CAPABILITY_VERSION_3);
    ByteBuffer before = buffer(24);
    require(LIBC.capget(header, before));
    ByteBuffer without = buffer(24).put(0, before, 0, 24);
    without.putInt(0, before.getInt(0) & ~DAC_OVERRIDE_AND_READ_SEARCH);
    Path file = Path.of("/proc/self/fd/" + fd);
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      Files.setPosixFilePermissions(file, Set.of());
      require(LIBC.capset(header, without));
      try {
        return super.reopen(fd, flags);
      } finally {
        require(LIBC.capset(header, before));
        Files.setPosixFilePermissions(file, permissions);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
  }

  private static void require(int answer) {
    if (answer != 0) {
      throw new IllegalStateException("the capabilities of this thread cannot be read or set");
    }
  }
}
