/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Where the state of one device stands in the stream. Immutable.
 *
 * @param name the section's name, for example {@code 0000:00:02.0/virtio-net}
 * @param instanceId its instance, 0 to 2<sup>32</sup>-1
 * @param version the version of its state, 0 to 2<sup>32</sup>-1
 * @param offset of the first byte of its state in the stream, behind the section's header
 * @param length of its state in bytes, without header and footer
 */
public record DeviceSection(String name, long instanceId, long version, long offset, long length) {
  /** Checks that the name is not null. */
  public DeviceSection {
    Objects.requireNonNull(name, "name");
  }

  /** The offset in the stream of the section's type byte. */
  public long sectionOffset() {
    return offset - Wire.HEADER_LENGTH - name.getBytes(StandardCharsets.UTF_8).length;
  }

  /** The length of the section in bytes, from its type byte to the end of its footer. */
  public long sectionLength() {
    return offset - sectionOffset() + length + Wire.FOOTER_LENGTH;
  }

  /** The same section in an image where it stands {@code shift} bytes further on. */
  DeviceSection moved(long shift) {
    return new DeviceSection(name, instanceId, version, offset + shift, length);
  }
}
