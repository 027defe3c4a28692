/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.time.Instant;
import java.util.Optional;
import org.stillframe.channel.Supervision;
import org.stillframe.error.StillframeException;
import org.stillframe.guest.Guest;
import org.stillframe.guest.MemoryReach;
import org.stillframe.guest.MemorySave;
import org.stillframe.guest.MultifdSave;
import org.stillframe.guest.Pace;
import org.stillframe.guest.SaveOutcome;
import org.stillframe.guest.StopMark;
import org.stillframe.guest.StreamSave;
import org.stillframe.image.ImageSink;

/** Fills an image with a guest, by the route that was asked for or the best that can be had. */
final class SaveFiller implements ImageMaker.Filler {
  private final StreamSave stream;
  private final MultifdSave multifd;
  private final MemorySave memory;
  private final MemoryReach reach;
  private final Guest guest;
  private final GuestKeeper keeper;
  private final StopMark mark;
  private final SaveRequest request;
  private final Supervision supervision;
  private RouteChoice choice;
  private Optional<Instant> stoppedAt = Optional.empty();

  SaveFiller(
      StreamSave stream,
      MultifdSave multifd,
      MemorySave memory,
      MemoryReach reach,
      Guest guest,
      GuestKeeper keeper,
      StopMark mark,
      SaveRequest request,
      Supervision supervision) {
    this.stream = stream;
    this.multifd = multifd;
    this.memory = memory;
    this.reach = reach;
    this.guest = guest;
    this.keeper = keeper;
    this.mark = mark;
    this.request = request;
    this.supervision = supervision;
  }

  @Override
  public void fill(ImageSink sink) throws StillframeException {
    choice = RouteChoice.save(request, guest, sink.placesPages(), reach);
    if (choice.route() == Route.STREAM) {
      stoppedAt = stream.save(guest, sink, request.pace(), supervision).stoppedAt();
      return;
    }
    int channels = request.effectiveChannels();
    Pace pace = request.pace();
    sink.record(
        intake -> {
          SaveOutcome outcome =
              choice.route() == Route.MEMORY
                  ? memory.save(guest, intake, channels, pace, mark, supervision)
                  : multifd.save(guest, intake, channels, pace, sink::expectedBytes, supervision);
          stoppedAt = outcome.stoppedAt();
          choice = choice.sparing(outcome.uncopied());
          return outcome.summary();
        });
  }

  @Override
  public void giveUp(Throwable failure) {
    keeper.putBack(failure);
  }

  /** The route that was taken; null before {@link #fill}. */
  RouteChoice choice() {
    return choice;
  }

  /** When QEMU stopped the guest; empty if it did not run. */
  Optional<Instant> stoppedAt() {
    return stoppedAt;
  }
}
