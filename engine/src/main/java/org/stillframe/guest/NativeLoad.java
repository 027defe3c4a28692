/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.util.Map;
import java.util.Optional;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.Target;
import org.stillframe.stream.BlockSummary;
import org.stillframe.stream.ImageSummary;
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
}
