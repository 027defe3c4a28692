/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.util.List;
import java.util.Objects;

/**
 * What a whole image held, in whatever layout. Immutable. All offsets and lengths are bytes of the
 * image.
 *
 * @param version of the stream that it is, or is made after: 3
 * @param configuration what the image says about the guest
 * @param blocks what it holds of each block, in its own order of blocks
 * @param earlySections the device sections between the list of blocks and the pages
 * @param deviceSections the sections of the device part, in order; empty unless walked
 * @param deviceNames the devices that the closing description lists, in order, the early ones first
 * @param notWalked why the device sections were not walked; empty if they were. An image can be
 *     whole and still not be walked: lengths of device state are known from the description alone.
 * @param devicesOffset where the device part begins
 * @param endOffset where the sections end: the end byte, followed by the closing description
 * @param totalBytes the length of the image
 */
public record ImageSummary(
    int version,
    Configuration configuration,
    List<BlockSummary> blocks,
    List<DeviceSection> earlySections,
    List<DeviceSection> deviceSections,
    List<String> deviceNames,
    String notWalked,
    long devicesOffset,
    long endOffset,
    long totalBytes) {
  /** Copies the lists; nothing may be null. */
  public ImageSummary {
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

  /**
   * How many bytes of the image are in storage: all but the holes where nothing was written, which
   * the layout mapped has in the places of zero pages and ahead of each block's pages.
   */
  public long storedBytes() {
    long holes = 0;
    for (BlockSummary each : blocks) {
      if (each.placement().isPresent()) {
        MappedHeader header = each.placement().get();
        long length = each.block().usedLength();
        long bitmap = MappedBlock.bitmapLength(length, header.pageSize());
        holes +=
            header.pagesOffset() - Math.min(header.pagesOffset(), header.bitmapOffset() + bitmap);
        holes += length - each.dataPages() * header.pageSize();
      }
    }
    return Math.max(0, totalBytes - holes);
  }

  /**
   * The summary of another image that holds the same guest.
   *
   * @param otherConfiguration what that image says about the guest
   * @param otherBlocks what it holds of each block
   * @param earlyShift how much further on its early sections stand
   * @param deviceShift how much further on its device part stands
   */
  public ImageSummary in(
      Configuration otherConfiguration,
      List<BlockSummary> otherBlocks,
      long earlyShift,
      long deviceShift) {
    return new ImageSummary(
        version,
        otherConfiguration,
        otherBlocks,
        earlySections.stream().map(section -> section.moved(earlyShift)).toList(),
        deviceSections.stream().map(section -> section.moved(deviceShift)).toList(),
        deviceNames,
        notWalked,
        devicesOffset + deviceShift,
        endOffset + deviceShift,
        totalBytes + deviceShift);
  }
}
