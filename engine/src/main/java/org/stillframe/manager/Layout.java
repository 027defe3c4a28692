/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import org.stillframe.image.ImageSources;
import org.stillframe.stream.ImageSummary;

/** How RAM lies in an image. */
public enum Layout {
  /** QEMU's migration stream as it came. */
  STREAM,
  /** RAM at fixed positions of a file: QEMU's mapped-ram, which QEMU 9.0 and newer loads itself. */
  MAPPED;

  /** The layout of an image by what is in it. */
  static Layout of(ImageSummary contents) {
    return contents.configuration().mappedRam() ? MAPPED : STREAM;
  }

  /** The layout that an image was found to have. */
  static Layout of(ImageSources.Found found) {
    return found == ImageSources.Found.MAPPED ? MAPPED : STREAM;
  }

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
