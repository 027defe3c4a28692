/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.util.List;
import java.util.Objects;

/**
 * What a whole stream held. Immutable. All offsets and lengths are bytes of the stream.
 *
 * @param version of the stream: 3
 * @param configuration what the stream says about the guest
 * @param blocks the records of each block, in the stream's order of blocks
 * @param earlySections the device sections between the list of blocks and the pages
 * @param deviceSections the sections of the device part, in order; empty unless walked
 * @param deviceNames the devices that the closing description lists, in order, the early ones first
 * @param notWalked why the device sections were not walked; empty if they were. A stream can be
 *     whole and still not be walked: lengths of device state are known from the description alone.
 * @param devicesOffset where the device part begins
 * @param endOffset where the sections end: the end byte, followed by the closing description
 * @param totalBytes the length of the stream
 */
public record StreamSummary(
    int version,
    Configuration configuration,
    List<BlockCounts> blocks,
    List<DeviceSection> earlySections,
    List<DeviceSection> deviceSections,
    List<String> deviceNames,
    String notWalked,
    long devicesOffset,
    long endOffset,
    long totalBytes) {
  /** Copies the lists; nothing may be null. */
  public StreamSummary {
    Objects.requireNonNull(configuration, "configuration");
    Objects.requireNonNull(notWalked, "notWalked");
    blocks = List.copyOf(blocks);
    earlySections = List.copyOf(earlySections);
    deviceSections = List.copyOf(deviceSections);
    deviceNames = List.copyOf(deviceNames);
  }

  /** Whether every device section was found where the closing description says it is. */
  public boolean devicesWalked() {
    return notWalked.isEmpty();
  }
}
