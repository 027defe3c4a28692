/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

/**
 * Which file it is, as the kernel writes it in a process's map of memory (proc(5)).
 *
 * @param device major and minor number in hexadecimal, for example {@code fe:01}
 * @param inode number of the file on the device
 */
public record FileIdentity(String device, long inode) {
  /** Of what stat(2) says; its number of the device is as makedev(3) makes it. */
  static FileIdentity of(long device, long inode) {
    long major = device >>> 8 & 0xfff | device >>> 32 & 0xfffff000L;
    long minor = device & 0xff | device >>> 12 & 0xffffff00L;
    return new FileIdentity(String.format("%02x:%02x", major, minor), inode);
  }
}
