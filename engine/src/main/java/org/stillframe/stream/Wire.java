/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

/** The numbers of QEMU's savevm format, version 3. All integers of the stream are big-endian. */
final class Wire {
  static final int MAGIC = 0x5145564d; // "QEVM"
  static final int VERSION = 3;

  static final int EOF = 0x00;
  static final int START = 0x01;
  static final int PART = 0x02;
  static final int END = 0x03;
  static final int FULL = 0x04;
  static final int SUBSECTION = 0x05;
  static final int VMDESCRIPTION = 0x06;
  static final int CONFIGURATION = 0x07;
  static final int COMMAND = 0x08;
  static final int FOOTER = 0x7e;

  /** Bytes of a footer: its mark and the id of the section it closes. */
  static final int FOOTER_LENGTH = 5;

  /** Bytes of a START or FULL header without the name: type, id, name length, instance, version. */
  static final int HEADER_LENGTH = 14;

  static final String RAM = "ram";
  static final int RAM_VERSION = 4;

  // Flags of a RAM record, in the bits of its word that lie below the page size.
  static final int RAM_ZERO = 0x002;
  static final int RAM_MEM_SIZE = 0x004;
  static final int RAM_PAGE = 0x008;
  static final int RAM_EOS = 0x010;
  static final int RAM_CONTINUE = 0x020;
  static final int RAM_XBZRLE = 0x040;
  static final int RAM_HOOK = 0x080;
  static final int RAM_COMPRESS_PAGE = 0x100;
  static final int RAM_MULTIFD_FLUSH = 0x200;

  /** The only encoding of an XBZRLE record. */
  static final int XBZRLE_ENCODING = 1;

  static final int COMMAND_SWITCHOVER_START = 11;

  static final String CAPABILITIES = "configuration/capabilities";
  static final String PAGE_BITS = "configuration/target-page-bits";
  static final String UUID = "configuration/uuid";

  static final String MAPPED_RAM = "mapped-ram";
  static final String IGNORE_SHARED = "x-ignore-shared";

  static final int DEFAULT_PAGE_BITS = 12;

  private Wire() {}
}
