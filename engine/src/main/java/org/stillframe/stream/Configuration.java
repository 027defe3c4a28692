/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What a stream says about the guest before anything else. Immutable.
 *
 * @param machine the versioned machine type, for example {@code pc-q35-10.0}
 * @param pageSize the target page size in bytes: 4096 unless the stream says otherwise
 * @param capabilities the capabilities that change the layout, in the stream's order; QEMU lists
 *     {@code x-ignore-shared} and {@code mapped-ram} only
 * @param uuid the guest's UUID, present if {@code validate-uuid} was on
 * @param pageSizeStated whether the stream says the page size itself, as those of Arm do
 */
public record Configuration(
    String machine,
    int pageSize,
    List<String> capabilities,
    Optional<UUID> uuid,
    boolean pageSizeStated) {
  /** Copies the list; nothing may be null. */
  public Configuration {
    Objects.requireNonNull(machine, "machine");
    Objects.requireNonNull(uuid, "uuid");
    capabilities = List.copyOf(capabilities);
  }

  /** Whether RAM shared with others was left out and every block states its guest address. */
  public boolean ignoresShared() {
    return capabilities.contains(Wire.IGNORE_SHARED);
  }

  /** Whether the pages stand at fixed offsets of a file: the layout mapped, not a stream. */
  public boolean mappedRam() {
    return capabilities.contains(Wire.MAPPED_RAM);
  }

  /** The same guest in the layout mapped, or in any other. */
  public Configuration mapped(boolean mapped) {
    List<String> all = new ArrayList<>(capabilities);
    all.remove(Wire.MAPPED_RAM);
    if (mapped) {
      all.add(Wire.MAPPED_RAM);
    }
    return new Configuration(machine, pageSize, all, uuid, pageSizeStated);
  }
}
