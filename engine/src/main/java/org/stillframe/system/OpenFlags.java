/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

/** Flags of open(2) on Linux, whose values differ between processor families. */
public final class OpenFlags {
  private static final boolean ARM = System.getProperty("os.arch").matches("aarch64|arm.*");

  /** Reads alone. */
  public static final int READ_ONLY = 0;

  /** Writes alone. */
  public static final int WRITE_ONLY = 1;

  /** Reads and writes. */
  public static final int READ_WRITE = 2;

  /** Makes the file if there is none. */
  public static final int CREATE = 0x40;

  /** With {@link #CREATE}: fails if there is one. */
  public static final int EXCLUSIVE = 0x80;

  /** Every write goes to the end. */
  public static final int APPEND = 0x400;

  /** Calls return instead of waiting. */
  public static final int NON_BLOCKING = 0x800;

  /** The page cache is bypassed (O_DIRECT). */
  public static final int DIRECT = ARM ? 0x10000 : 0x4000;

  /** Fails if it is not a directory. */
  public static final int DIRECTORY = ARM ? 0x4000 : 0x10000;

  /** Fails if the last part of the path is a symbolic link. */
  public static final int NO_FOLLOW = ARM ? 0x8000 : 0x20000;

  /** Child processes do not inherit it. */
  public static final int CLOSE_ON_EXEC = 0x80000;

  /** Names the file and keeps it from being freed; it cannot be read or written (O_PATH). */
  public static final int PATH = 0x200000;

  private OpenFlags() {}
}
