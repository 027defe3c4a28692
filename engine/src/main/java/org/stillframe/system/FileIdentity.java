/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

/**
 * Which file it is, as the kernel writes it in a process's map of memory (proc(5)). On some file
 * systems, btrfs for one, that names another device than stat(2) does.
 *
 * @param device major and minor number in hexadecimal, for example {@code fe:01}
 * @param inode number of the file on the device
 */
public record FileIdentity(String device, long inode) {
  /** Of the numbers of a {@link FileStatus}. */
  static FileIdentity of(long device, long inode) {
    return new FileIdentity(two(device >>> 32) + ":" + two(device & 0xffff_ffffL), inode);
  }

  private static String two(long number) {
    return (number < 0x10 ? "0" : "") + Long.toHexString(number);
  }
}
