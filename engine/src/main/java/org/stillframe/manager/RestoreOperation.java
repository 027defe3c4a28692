/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.guest.Guest;
import org.stillframe.guest.GuestConnector;
import org.stillframe.guest.GuestStatus;
import org.stillframe.guest.MemoryLoad;
import org.stillframe.guest.MemoryReach;
import org.stillframe.guest.MultifdLoad;
import org.stillframe.guest.RamMatch;
import org.stillframe.guest.StreamLoad;
import org.stillframe.image.ImageSource;
import org.stillframe.stream.ImageSummary;
import org.stillframe.stream.MultifdSource;
import org.stillframe.stream.OrderedSource;
import org.stillframe.system.SystemCalls;

/** One restore. */
final class RestoreOperation {
  private final SystemCalls system;
  private final GuestConnector guests;
  private final ImageOpener images;
  private final StreamLoad stream;
  private final MultifdLoad multifd;
  private final MemoryLoad memory;
  private final MemoryReach reach;
  private final NativeRestore natives;
  private final InstantRestore instants;

  RestoreOperation(
      SystemCalls system,
      GuestConnector guests,
      ImageOpener images,
      StreamLoad stream,
      MultifdLoad multifd,
      MemoryLoad memory,
      MemoryReach reach,
      NativeRestore natives,
      InstantRestore instants) {
    this.system = system;
    this.guests = guests;
    this.images = images;
    this.stream = stream;
    this.multifd = multifd;
    this.memory = memory;
    this.reach = reach;
    this.natives = natives;
    this.instants = instants;
  }

  /**
   * What was loaded.
   *
   * @param uncopied how many bytes of RAM are shared by QEMU and came without a copy
   */
  record Loaded(ImageSummary contents, long uncopied) {}

  /** Loads a guest from an image that is open. */
  @FunctionalInterface
  interface Load {
    Loaded into(Guest guest, Route route) throws StillframeException;
  }

  /** Brings a guest back from an image that is open. */
  @FunctionalInterface
  interface Bring {
    /**
     * Brings it back.
     *
     * @param saved what the image says of its RAM; empty if it cannot tell, or the load compares
     */
    RestoreReport with(
        String backend, String backendReason, Optional<RamMatch.Saved> saved, Load load)
        throws StillframeException;
  }

  RestoreReport run(RestoreRequest request, Supervision supervision) throws StillframeException {
    ProcessorMeter meter = ProcessorMeter.begin(system);
    if (request.mode() == RestoreMode.INSTANT) {
      return instants.use(
          request,
          supervision,
          (backend, reason, saved, load) ->
              bring(request, supervision, meter, true, backend, reason, saved, load));
    }
    if (request.route() == Route.NATIVE) {
      return natives.use(
          request,
          supervision,
          (backend, reason, saved, load) ->
              bring(request, supervision, meter, true, backend, reason, saved, load));
    }
    RouteChoice.requireChannels(request.route(), request.channels());
    return images.use(
        request,
        request.image(),
        supervision,
        (source, choice) ->
            bring(
                request,
                supervision,
                meter,
                source.placesPages(),
                choice.backend().name(),
                choice.explanation(),
                saved(source),
                (guest, route) -> load(guest, source, route, request, supervision)));
  }

  private static Optional<RamMatch.Saved> saved(ImageSource source) {
    return source.staysThere() ? Optional.of(source::head) : Optional.empty();
  }

  private Loaded load(
      Guest guest, ImageSource source, Route route, RestoreRequest request, Supervision supervision)
      throws StillframeException {
    if (route == Route.STREAM) {
      return new Loaded(stream.load(guest, source, supervision), 0);
    }
    int channels = request.effectiveChannels();
    AtomicLong uncopied = new AtomicLong();
    source.feed(
        new ImageSource.Outlet() {
          @Override
          public void from(MultifdSource pages) throws StillframeException {
            if (route == Route.MEMORY) {
              uncopied.set(memory.load(guest, pages, channels, supervision));
            } else {
              multifd.load(guest, pages, channels, supervision);
            }
          }

          @Override
          public void inOrder(OrderedSource stream) throws StillframeException {
            if (route == Route.MEMORY) {
              memory.load(guest, stream, supervision);
            } else {
              multifd.load(guest, stream, channels, supervision);
            }
          }
        });
    return new Loaded(source.summary(), uncopied.get());
  }

  private RestoreReport bring(
      RestoreRequest request,
      Supervision supervision,
      ProcessorMeter meter,
      boolean places,
      String backend,
      String backendReason,
      Optional<RamMatch.Saved> saved,
      Load load)
      throws StillframeException {
    try (Guest guest =
        guests.connect(request.guest(), request.connectTimeout(), supervision::check)) {
      supervision.check();
      RouteChoice choice = RouteChoice.restore(request, guest, places, reach);
      requireWaiting(guest);
      if (saved.isPresent()) {
        RamMatch.requireLoadable(guest, saved.get());
      }
      prepare(guest, request.afterwards());
      Loaded loaded;
      String status;
      try {
        loaded = load.into(guest, choice.route());
        status = settle(guest, request.afterwards());
      } catch (StillframeException | RuntimeException | Error e) {
        holdBack(guest, e);
        throw e;
      }
      return new RestoreReport(
          request.image().toString(),
          request.mode(),
          choice.route(),
          choice.sparing(loaded.uncopied()).reason(),
          backend,
          backendReason,
          guest.version().toString(),
          loaded.contents().totalBytes(),
          supervision.elapsed(),
          meter.used(),
          status,
          loaded.contents());
    }
  }

  private static void requireWaiting(Guest guest) throws StillframeException {
    GuestStatus status = guest.status();
    if (!status.name().equals("inmigrate")) {
      throw new GuestException(
          ErrorCode.GUEST,
          "QEMU at " + guest.address(),
          "it does not wait for a guest, it is '" + status.name() + "'",
          "start a QEMU with the guest's own options and -incoming defer");
    }
  }

  private static void prepare(Guest guest, AfterRestore wish) throws StillframeException {
    // While QEMU waits, these two say what is to be once the guest is loaded.
    switch (wish) {
      case PAUSE -> guest.pause();
      case RUN -> guest.resume();
      default -> {}
    }
  }

  /**
   * Keeps a guest from running that its caller is told was not restored: QEMU may have all of the
   * stream already, and the same guest may be brought up elsewhere. A QEMU that has heard nothing
   * of it is left as it is: it would keep the next guest from running.
   */
  private static void holdBack(Guest guest, Throwable failure) {
    if (!guest.toldToLoad()) {
      return;
    }
    try {
      guest.pause();
    } catch (StillframeException e) {
      // A QEMU that has ended runs no guest; one that has not was asked.
      if (!(failure instanceof GuestException)) {
        failure.addSuppressed(e);
      }
    }
  }

  private static String settle(Guest guest, AfterRestore wish) throws StillframeException {
    GuestStatus status = guest.status();
    if (wish == AfterRestore.RUN && !status.running()) {
      // It was saved while it stood still.
      guest.resume();
      status = guest.status();
    }
    return status.name();
  }
}
