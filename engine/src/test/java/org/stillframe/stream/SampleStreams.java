/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

/** Whole streams for the tests of other packages. */
public final class SampleStreams {
  private SampleStreams() {}

  /** A sound stream of a guest with one block of RAM, none of whose pages are alike. */
  public static byte[] ofPages(int pages) {
    StreamBuilder stream = StreamBuilder.plain().ram("pc.ram", pages * StreamBuilder.PAGE).part();
    for (int i = 0; i < pages; i++) {
      stream.page(i == 0 ? "pc.ram" : null, (long) i * StreamBuilder.PAGE, i);
    }
    return stream.done().end().done().devices().bytes();
  }

  /** The beginning of a file of QEMU's with the pages at fixed offsets. */
  public static byte[] mappedRam() {
    return StreamBuilder.plain().capabilities("mapped-ram").ram("a", StreamBuilder.PAGE).bytes();
  }
}
