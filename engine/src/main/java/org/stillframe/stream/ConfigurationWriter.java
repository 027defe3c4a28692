/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes the header and the CONFIGURATION section as {@link ConfigurationReader} reads them. */
final class ConfigurationWriter {
  /** Enough for all there can be. */
  static final int MAX_LENGTH = 1 << 10;

  private ConfigurationWriter() {}

  static void write(Configuration configuration, ByteBuffer out) {
    out.putInt(Wire.MAGIC).putInt(Wire.VERSION).put((byte) Wire.CONFIGURATION);
    byte[] machine = configuration.machine().getBytes(StandardCharsets.UTF_8);
    out.putInt(machine.length).put(machine);
    if (configuration.pageSizeStated()) {
      subsection(Wire.PAGE_BITS, out);
      out.putInt(Integer.numberOfTrailingZeros(configuration.pageSize()));
    }
    if (!configuration.capabilities().isEmpty()) {
      subsection(Wire.CAPABILITIES, out);
      out.putInt(configuration.capabilities().size());
      configuration.capabilities().forEach(name -> name(name, out));
    }
    configuration
        .uuid()
        .ifPresent(
            uuid -> {
              subsection(Wire.UUID, out);
              out.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
            });
  }

  private static void subsection(String name, ByteBuffer out) {
    out.put((byte) Wire.SUBSECTION);
    name(name, out);
    out.putInt(1);
  }

  /** A name as all of the format are: a length of one byte, and the bytes. */
  static void name(String name, ByteBuffer out) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    out.put((byte) bytes.length).put(bytes);
  }
}
