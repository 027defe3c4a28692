/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.guest.Guest;
import org.stillframe.guest.GuestConnector;
import org.stillframe.guest.MemoryReach;
import org.stillframe.guest.MemorySave;
import org.stillframe.guest.MultifdSave;
import org.stillframe.guest.Patience;
import org.stillframe.guest.StopMark;
import org.stillframe.guest.StreamSave;
import org.stillframe.system.SystemCalls;
import org.stillframe.target.Publication;

/** One save, from the first look at the guest to its last state. */
final class SaveOperation {
  private final SystemCalls system;
  private final GuestConnector guests;
  private final ImageMaker images;
  private final StreamSave stream;
  private final MultifdSave multifd;
  private final MemorySave memory;
  private final MemoryReach reach;
  private final NativeImageMaker natives;

  SaveOperation(
      SystemCalls system,
      GuestConnector guests,
      ImageMaker images,
      StreamSave stream,
      MultifdSave multifd,
      MemorySave memory,
      MemoryReach reach,
      NativeImageMaker natives) {
    this.system = system;
    this.guests = guests;
    this.images = images;
    this.stream = stream;
    this.multifd = multifd;
    this.memory = memory;
    this.reach = reach;
    this.natives = natives;
  }

  SaveReport run(SaveRequest request, Supervision supervision) throws StillframeException {
    ProcessorMeter meter = ProcessorMeter.begin(system);
    // What can be told without a guest is told before one is waited for.
    requireServed(request);
    AtomicBoolean stored = new AtomicBoolean();
    Patience patience =
        () -> {
          // A cancellation that comes when the image is there comes too late.
          if (!stored.get()) {
            supervision.check();
          }
        };
    try (StopMark mark = new StopMark(system);
        Guest guest = guests.connect(request.guest(), request.connectTimeout(), patience)) {
      supervision.check();
      Optional<String> notice =
          mark.bringOn(guest)
              ? Optional.of(
                  "the guest stood still since an earlier save was killed or cut off, and was let run"
                      + " first")
              : Optional.empty();
      GuestKeeper keeper = GuestKeeper.of(guest);
      // Closed when the guest runs again: what was replaced, or came to nothing, is freed then.
      try (Publication publication = images.begin(request)) {
        StoredImage image;
        Optional<Instant> stoppedAt;
        RouteChoice choice;
        try {
          if (request.route() == Route.NATIVE) {
            choice = RouteChoice.save(request, guest, true, reach);
            NativeImageMaker.Made made =
                natives.make(publication, guest, keeper, request, supervision);
            image = made.image();
            stoppedAt = made.stoppedAt();
          } else {
            SaveFiller filler =
                new SaveFiller(
                    stream, multifd, memory, reach, guest, keeper, mark, request, supervision);
            image = images.make(publication, request, supervision, filler);
            stoppedAt = filler.stoppedAt();
            choice = filler.choice();
          }
        } catch (StillframeException | RuntimeException | Error e) {
          keeper.putBack(e);
          unmark(mark, guest, e);
          throw e;
        }
        stored.set(true);
        // From here on the image is there, and belongs to the guest's disks as they are now: the
        // guest runs on only if that was asked for, whatever happens.
        String status =
            new GuestEnding(guest, mark, image.target()).bring(request.afterwards(), keeper.ran());
        Optional<Duration> stoodStill =
            stoppedAt.map(stopped -> Duration.between(stopped, Instant.now()));
        return new SaveReport(
            image,
            choice.route(),
            choice.reason(),
            guest.version().toString(),
            status,
            stoodStill,
            meter.used(),
            notice);
      }
    }
  }

  private static void unmark(StopMark mark, Guest guest, Throwable failure) {
    try {
      mark.remove(guest);
    } catch (StillframeException e) {
      failure.addSuppressed(e);
    }
  }

  private void requireServed(SaveRequest request) throws StillframeException {
    Route route = request.route();
    if (route == Route.NATIVE) {
      natives.requireServed(request);
      return;
    }
    RouteChoice.requireChannels(route, request.channels());
    if (route != Route.STREAM
        && route != Route.AUTO
        && request.layout().orElse(Layout.MAPPED) != Layout.MAPPED) {
      throw new RequestException(
          ErrorCode.INVALID_REQUEST,
          "route " + route,
          "it puts pages in fixed places, which the layout stream has not",
          "ask for the layout mapped, or use the route stream");
    }
    images.requireServed(request);
  }
}
