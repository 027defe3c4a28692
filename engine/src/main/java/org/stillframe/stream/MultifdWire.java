/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

/** The numbers of QEMU's multifd channels, version 1. All integers are big-endian. */
final class MultifdWire {
  static final int MAGIC = 0x11223344;
  static final int VERSION = 1;

  /** The most bytes of pages that a packet carries. */
  static final int PAYLOAD = 512 << 10;

  static final int INITIAL_LENGTH = 64;
  static final int UUID_AT = 8;
  static final int ID_AT = 24;

  static final int FLAGS_AT = 8;
  static final int ALLOCATED_AT = 12;
  static final int NORMAL_AT = 16;
  static final int PAYLOAD_LENGTH_AT = 20;
  static final int NUMBER_AT = 24;

  /** Since QEMU 9.0; before that the bytes are unused and zero. */
  static final int ZERO_AT = 32;

  static final int NAME_AT = 64;
  static final int NAME_LENGTH = 256;
  static final int OFFSETS_AT = NAME_AT + NAME_LENGTH;

  static final int SYNC = 0x01;
  static final int COMPRESSION_MASK = 0x3e;
  static final int DEVICE_STATE = 0x40;

  private MultifdWire() {}

  /** The length of a table of offsets, which every page packet has room for. */
  static int pagesPerPacket(int pageSize) {
    return PAYLOAD / pageSize;
  }
}
