/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.stillframe.channel.Supervision;
import org.stillframe.error.StillframeException;
import org.stillframe.guest.Guest;
import org.stillframe.guest.GuestConnector;
import org.stillframe.guest.StreamSave;

/** One save, from the first look at the guest to its last state. */
final class SaveOperation {
  private final GuestConnector guests;
  private final ImageMaker images;
  private final StreamSave route;

  SaveOperation(GuestConnector guests, ImageMaker images, StreamSave route) {
    this.guests = guests;
    this.images = images;
    this.route = route;
  }

  SaveReport run(SaveRequest request, Supervision supervision) throws StillframeException {
    try (Guest guest = guests.connect(request.guest(), request.connectTimeout())) {
      supervision.check();
      GuestKeeper keeper = GuestKeeper.of(guest);
      try {
        return save(guest, keeper, request, supervision);
      } catch (StillframeException | RuntimeException | Error e) {
        keeper.putBack(e);
        throw e;
      }
    }
  }

  private SaveReport save(
      Guest guest, GuestKeeper keeper, SaveRequest request, Supervision supervision)
      throws StillframeException {
    StreamSave.Outcome[] outcome = new StreamSave.Outcome[1];
    StoredImage image =
        images.make(
            request,
            request.target(),
            request.replace(),
            supervision,
            sink -> outcome[0] = route.save(guest, sink, request.maxBandwidth(), supervision));
    String status = finish(guest, keeper, request.afterwards());
    Optional<Duration> stoodStill =
        outcome[0].stoppedAt().map(stopped -> Duration.between(stopped, Instant.now()));
    return new SaveReport(
        image,
        Route.STREAM,
        request.route() == Route.AUTO
            ? "the one route of this version; it works with every QEMU"
            : "asked for by name",
        guest.version().toString(),
        status,
        stoodStill);
  }

  private static String finish(Guest guest, GuestKeeper keeper, AfterSave wish)
      throws StillframeException {
    switch (wish) {
      case RESUME -> {
        if (keeper.ran()) {
          guest.resume();
        }
        return guest.status().name();
      }
      case QUIT -> {
        guest.quit();
        return "quit";
      }
      default -> {
        return guest.status().name();
      }
    }
  }
}
