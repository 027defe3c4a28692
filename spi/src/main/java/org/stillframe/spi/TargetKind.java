/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi;

/** What fstat(2) says a target is. */
public enum TargetKind {
  /** A regular file. */
  REGULAR("regular file", true),
  /** A block device. */
  BLOCK("block device", true),
  /** A pipe or FIFO: bytes in order, one way. */
  PIPE("pipe", false),
  /** A socket: bytes in order. */
  SOCKET("socket", false),
  /** A character device, for example a terminal. */
  CHARACTER("character device", false),
  /** A directory. */
  DIRECTORY("directory", false),
  /** A symbolic link, seen as such: never of an open descriptor. */
  LINK("symbolic link", false);

  private final String label;
  private final boolean seekable;

  TargetKind(String label, boolean seekable) {
    this.label = label;
    this.seekable = seekable;
  }

  /** The words used in messages, for example {@code block device}. */
  public String label() {
    return label;
  }

  /** Whether bytes can be read and written at positions of one's choice. */
  public boolean seekable() {
    return seekable;
  }
}
