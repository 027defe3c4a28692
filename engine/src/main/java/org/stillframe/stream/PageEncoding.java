/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

/** How a page's record may hold something else than the page; such a record is passed over. */
public enum PageEncoding {
  /** The difference to what the page held before (QEMU's capability {@code xbzrle}). */
  XBZRLE("xbzrle"),
  /** The page compressed with zlib (QEMU's capability {@code compress}, up to 9.0). */
  ZLIB("compress");

  private final String capability;

  PageEncoding(String capability) {
    this.capability = capability;
  }

  /** The capability of the source that makes QEMU write such records. */
  public String capability() {
    return capability;
  }
}
