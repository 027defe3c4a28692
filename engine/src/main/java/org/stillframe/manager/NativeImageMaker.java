/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.guest.Guest;
import org.stillframe.guest.NativeSave;
import org.stillframe.image.MappedInspection;
import org.stillframe.spi.Capability;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.ImageSummary;
import org.stillframe.system.FileCalls;
import org.stillframe.target.Publication;
import org.stillframe.target.Targets;

/** Makes images that QEMU itself writes: opens the target, has it filled, checks it, publishes. */
final class NativeImageMaker {
  private final Targets targets;
  private final NativeSave route;
  private final MappedInspection inspection;
  private final SyncPhase sync;

  NativeImageMaker(Targets targets, FileCalls files, ChannelScheduler scheduler) {
    this.targets = targets;
    route = new NativeSave(files);
    inspection = new MappedInspection(files);
    sync = new SyncPhase(scheduler);
  }

  /** An image, and when QEMU stopped its guest; empty if it did not run. */
  record Made(StoredImage image, Optional<Instant> stoppedAt) {}

  /** Refuses at once what this route does not serve, as far as a look at the target tells. */
  void requireServed(SaveRequest request) throws StillframeException {
    if (request.layout().orElse(Layout.MAPPED) != Layout.MAPPED) {
      throw NativeRequests.refused(
          ErrorCode.INVALID_REQUEST,
          "it makes images of the layout mapped, and the layout stream is wanted",
          "ask for the layout mapped, or use the route stream");
    }
    NativeRequests.requireNoBackend(request);
    if (request.maxBandwidth() > 0) {
      throw NativeRequests.refused(
          ErrorCode.UNSUPPORTED,
          "QEMU writes the RAM of a stopped guest as fast as it can, and a limit is wanted",
          "leave the limit out, or use the route stream");
    }
    requireServed(request, targets.probe(request.target()), false);
  }

  private void requireServed(SaveRequest request, Target target, boolean inPlace)
      throws RequestException {
    if (inPlace || !request.target().isFile() || target.kind() != TargetKind.REGULAR) {
      throw NativeRequests.refused(
          ErrorCode.UNSUPPORTED,
          target.name()
              + " is written in place, and QEMU writes what makes an image of it first and not"
              + " last: what is cut could be taken for one",
          "name a file by its path, or use the route stream");
    }
    route.requireServed(target, request.capabilities().contains(Capability.BYPASS_CACHE));
  }

  /**
   * Makes one image. If anything fails, what was at the target before is as it was when the
   * publication is closed.
   */
  Made make(
      Publication publication,
      Guest guest,
      GuestKeeper keeper,
      SaveRequest request,
      Supervision supervision)
      throws StillframeException {
    boolean direct = request.capabilities().contains(Capability.BYPASS_CACHE);
    Target target = publication.target();
    requireServed(request, target, publication.inPlace());
    Duration begin = supervision.elapsed();
    Optional<Instant> stoppedAt =
        route.save(guest, target, direct, request.effectiveChannels(), request.pace(), supervision);
    Duration filled = supervision.elapsed();
    AtomicReference<ImageSummary> contents = new AtomicReference<>();
    boolean live = request.downtimeLimit().isPresent();
    sync.run(() -> contents.set(inspection.settle(target, live)), supervision, keeper::putBack);
    supervision.check();
    publication.publish();
    return new Made(
        new StoredImage(
            target.name(),
            Layout.MAPPED,
            NativeRequests.NO_BACKEND,
            NativeRequests.NO_BACKEND + ": QEMU wrote the file itself" + ways(direct),
            contents.get().totalBytes(),
            filled.minus(begin),
            supervision.elapsed().minus(filled),
            contents.get()),
        stoppedAt);
  }

  private static String ways(boolean direct) {
    return direct ? ", its RAM past the page cache (O_DIRECT)" : ", through the page cache";
  }
}
