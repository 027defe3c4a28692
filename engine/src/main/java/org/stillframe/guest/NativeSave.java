/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.regex.Pattern;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.error.StorageException;
import org.stillframe.image.TransferFailures;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.Target;
import org.stillframe.system.Descriptor;
import org.stillframe.system.FileCalls;

/**
 * The route {@code native}, outgoing: QEMU writes a file of the layout mapped through descriptors
 * of ours. Thread-safe.
 *
 * <p>QEMU itself stops the guest, at its first chance. While it writes the RAM of the stopped guest
 * it answers nothing, and cannot be made to give up before it has finished.
 */
public final class NativeSave {
  /** How long a QEMU that is told to give up may go on writing RAM before it hears of it. */
  private static final Duration STUBBORNNESS = Duration.ofMinutes(10);

  /** What QEMU opens beside the channels, and may need for something else meanwhile. */
  private static final int SPARE_DESCRIPTORS = 16;

  /** The C library's words for ENOSPC, EDQUOT and EFBIG, which QEMU passes on. */
  private static final Pattern OUT_OF_ROOM =
      Pattern.compile("No space left on device|Disk quota exceeded|File too large");

  private final FileCalls files;

  /** Saves with these. */
  public NativeSave(FileCalls files) {
    this.files = files;
  }

  /** Refuses, before there is a guest, what the facts of a target rule out. */
  public void requireServed(Target target, boolean direct) throws RequestException {
    if (direct) {
      DirectAccess.require(target);
    }
  }

  /**
   * Saves the guest. When this returns, QEMU says that all is well and the guest is stopped. What
   * QEMU says of the file is not enough: it takes a write that was cut short for good, and syncs
   * nothing.
   *
   * <p>When this throws, no migration is under way and QEMU's settings are as they were, as far as
   * QEMU still answers; whether the guest runs is for the caller to look at.
   *
   * @param target an open regular file, whose content is lost
   * @param direct whether RAM bypasses the page cache
   * @param channels threads of QEMU that write, 1 to 255
   * @return when QEMU stopped the guest; empty if it did not run
   */
  public Optional<Instant> save(
      Guest guest, Target target, boolean direct, int channels, Pace pace, Supervision supervision)
      throws StillframeException {
    MigrationSettings settings = MigrationSettings.saveMapped(channels, direct, pace);
    try (SettingsScope scope = NativeSettings.apply(guest, settings, direct);
        FileSet file = FileSet.toWrite(files, target, direct)) {
      supervision.expect(guest.baseMemory());
      requireRoom(guest, file.descriptors().get(0), channels);
      try (DescriptorSet set = guest.pass(file.descriptors())) {
        return transfer(guest, set, target, supervision);
      }
    }
  }

  /**
   * Lets QEMU hold as many descriptors for a moment as it will open: where it cannot open one for a
   * channel, it crashes, and the guest with it.
   */
  private static void requireRoom(Guest guest, Descriptor any, int channels)
      throws StillframeException {
    // Before 9.1 a QEMU whose guest stands still closes them only when that runs again.
    int times = guest.version().atLeast(9, 1) ? 1 : 2;
    int count = times * (channels + SPARE_DESCRIPTORS);
    try {
      guest.pass(Collections.nCopies(count, any)).close();
    } catch (QmpError e) {
      throw new GuestException(
          ErrorCode.GUEST,
          "save by " + channels + " channels with QEMU at " + guest.address(),
          "it cannot open " + count + " more descriptors (" + e.why() + ")",
          "ask for fewer with --channels, or raise its limit on open files (RLIMIT_NOFILE)",
          e);
    }
  }

  private Optional<Instant> transfer(
      Guest guest, DescriptorSet set, Target target, Supervision supervision)
      throws StillframeException {
    SaveWatch watch = new SaveWatch(guest, () -> 0, supervision);
    OutgoingMigration migration =
        new OutgoingMigration(guest, guest.status().running(), () -> cancel(guest, watch));
    supervision.enter(Phase.TRANSFER);
    try {
      supervision.check();
      guest.migrateTo(set);
      watch.awaitQuietly(
          guest,
          () -> {
            supervision.check();
            count(target, supervision);
          });
      count(target, supervision);
      migration.awaitEnd(watch, supervision);
      return watch.stoppedAt();
    } catch (StillframeException | RuntimeException | Error e) {
      // Whatever it is, it is told already: nothing here is a symptom of something else.
      migration.giveUp(e, false);
      if (e instanceof GuestException && OUT_OF_ROOM.matcher(e.getMessage()).find()) {
        throw new StorageException(
            ErrorCode.TARGET_FULL,
            target.name(),
            ((GuestException) e).why(),
            "free some space or choose another target",
            e);
      }
      throw e;
    }
  }

  /** QEMU does not say how far it is, but the file does. */
  private void count(Target target, Supervision supervision) throws StillframeException {
    try {
      long allocated = files.allocated(target.descriptor());
      supervision.counter().add(Math.max(0, allocated - supervision.counter().bytes()));
    } catch (SystemCallException e) {
      throw TransferFailures.of(target.name(), e);
    }
  }

  private static void cancel(Guest guest, SaveWatch watch) throws StillframeException {
    try {
      guest.cancelMigration();
    } catch (QmpSilence e) {
      // It writes the RAM of the stopped guest, and will hear of it when it is done.
      Deadline limit = Deadline.after(STUBBORNNESS);
      watch.awaitQuietly(
          guest,
          () -> {
            if (limit.passed()) {
              throw new GuestException(
                  ErrorCode.GUEST,
                  "migration of " + guest.address(),
                  "QEMU has not given it up within " + STUBBORNNESS.toMinutes() + " minutes",
                  "see whether its storage hangs; once it answers, QMP 'cont' lets the guest run",
                  e);
            }
          });
    }
  }
}
