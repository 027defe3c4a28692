/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.Target;
import org.stillframe.stream.BlockSummary;
import org.stillframe.stream.ImageSummary;
import org.stillframe.stream.MainBlock;
import org.stillframe.stream.RamBlock;
import org.stillframe.system.FileCalls;

/**
 * The route {@code native}, incoming: QEMU reads an image of the layout mapped through descriptors
 * of ours. Thread-safe.
 */
public final class NativeLoad {
  private final FileCalls files;

  /** Loads with these. */
  public NativeLoad(FileCalls files) {
    this.files = files;
  }

  /**
   * Loads the guest. When this returns, QEMU has taken all of it.
   *
   * @param target the image, open to be read
   * @param image what a look at the image found: QEMU's own loader takes on trust what it reads
   * @param direct whether RAM bypasses the page cache
   * @param channels threads of QEMU that read, 1 to 255
   */
  public void load(
      Guest guest,
      Target target,
      ImageSummary image,
      boolean direct,
      int channels,
      Supervision supervision)
      throws StillframeException {
    MigrationSettings settings = MigrationSettings.loadMapped(channels, direct);
    try (SettingsScope scope = NativeSettings.apply(guest, settings, direct);
        FileSet file = FileSet.toRead(files, target, direct)) {
      requireSize(guest, image);
      requireZero(guest, image);
      try (DescriptorSet set = guest.pass(file.descriptors())) {
        transfer(guest, set, image, supervision);
      }
    }
  }

  private static void transfer(
      Guest guest, DescriptorSet set, ImageSummary image, Supervision supervision)
      throws StillframeException {
    IncomingMigration migration =
        new IncomingMigration(guest, () -> Optional.of(image.configuration()));
    supervision.enter(Phase.TRANSFER);
    try {
      guest.loadFrom(set);
      migration.awaitQuietly(guest, supervision::check);
      migration.awaitEnd(supervision);
    } catch (GuestException e) {
      throw migration.explain(e);
    }
  }

  /** QEMU fills as much as there is, and takes that for success. */
  private static void requireSize(Guest guest, ImageSummary image) throws StillframeException {
    Map<String, Long> sizes = guest.memoryBackends();
    for (BlockSummary summary : image.blocks()) {
      String name = summary.block().name();
      long saved = summary.block().usedLength();
      long present = sizes.getOrDefault(name, saved);
      if (saved != present) {
        throw new GuestException(
            ErrorCode.INCOMPATIBLE,
            "load into QEMU at " + guest.address() + ", RAM block " + name,
            "it has " + present + " bytes of RAM, and the image " + saved,
            "start a new QEMU with -incoming defer and the options the guest was saved with");
      }
    }
  }

  /**
   * QEMU passes over the pages that are zero in a mapped file. Where its process cannot be looked
   * at, its RAM is taken to be as it was when QEMU began.
   */
  private void requireZero(Guest guest, ImageSummary image) throws StillframeException {
    Optional<Set<String>> untouched = new UntouchedRam(files).of(guest);
    if (untouched.isEmpty()) {
      return;
    }
    List<RamBlock> main =
        MainBlock.candidates(image.blocks().stream().map(BlockSummary::block).toList());
    for (BlockSummary summary : image.blocks()) {
      RamBlock block = summary.block();
      if (summary.zeroPages() > 0
          && block.usedLength() >= UntouchedRam.SMALLEST
          && main.contains(block)
          && !untouched.get().contains(block.name())) {
        throw new GuestException(
            ErrorCode.INCOMPATIBLE,
            "load into QEMU at " + guest.address() + ", RAM block " + block.name(),
            "there is something in its RAM already, and QEMU does not clear the pages that are zero"
                + " in the image",
            "start a new QEMU whose RAM is empty, or use the route memory, multifd or stream");
      }
    }
  }
}
