/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.Optional;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.guest.Guest;
import org.stillframe.guest.MemoryReach;
import org.stillframe.guest.SocketReach;

/**
 * A route, and why it was taken.
 *
 * @param route not {@link Route#AUTO}
 */
record RouteChoice(Route route, String reason) {
  /** For a save: the route that was asked for, or the best that can be had. */
  static RouteChoice save(SaveRequest request, Guest guest, boolean places, MemoryReach memory)
      throws StillframeException {
    boolean live = request.downtimeLimit().isPresent();
    if (request.route() == Route.MEMORY && live) {
      throw new RequestException(
          ErrorCode.UNSUPPORTED,
          "route " + Route.MEMORY,
          "it reads the RAM of a guest that stands still, and a live save is wanted",
          "use another route, or save without --live");
    }
    if (request.route() != Route.AUTO || !places) {
      return only(request.route(), request.channels());
    }
    Optional<String> obstacle =
        live ? Optional.of("a live save needs a migration") : memory.obstacle(guest);
    if (obstacle.isEmpty()) {
      return new RouteChoice(Route.MEMORY, "RAM can be read out of QEMU's process");
    }
    Optional<String> unsafe =
        guest.version().atLeast(9, 0)
            ? Optional.empty()
            : Optional.of("several channels cannot be given up before QEMU 9.0");
    return migration(guest, obstacle.get(), unsafe, request.channels());
  }

  /** For a restore: the route that was asked for, or the best that can be had. */
  static RouteChoice restore(
      RestoreRequest request, Guest guest, boolean places, MemoryReach memory)
      throws StillframeException {
    if (request.mode() == RestoreMode.INSTANT) {
      return new RouteChoice(Route.STREAM, "main memory is mapped, and the rest is little");
    }
    if (request.route() != Route.AUTO || !places) {
      return only(request.route(), request.channels());
    }
    Optional<String> obstacle = memory.obstacle(guest);
    if (obstacle.isEmpty()) {
      return new RouteChoice(Route.MEMORY, "RAM can be written into QEMU's process");
    }
    Optional<String> unknown =
        guest.version().atLeast(4, 0)
            ? Optional.empty()
            : Optional.of("QEMU has several channels since 4.0");
    return migration(guest, obstacle.get(), unknown, request.channels());
  }

  /** The route that was asked for; the one of a layout without places for pages, if none was. */
  private static RouteChoice only(Route asked, int channels) throws RequestException {
    if (asked != Route.AUTO) {
      requireChannels(asked, channels);
      return new RouteChoice(asked, "asked for by name");
    }
    requireChannels(Route.STREAM, channels);
    return new RouteChoice(Route.STREAM, "the layout stream is one");
  }

  private static RouteChoice migration(
      Guest guest, String obstacle, Optional<String> unfit, int channels) throws RequestException {
    Optional<String> why = unfit.isPresent() ? unfit : SocketReach.obstacle(guest);
    if (why.isEmpty()) {
      return new RouteChoice(Route.MULTIFD, obstacle);
    }
    requireChannels(Route.STREAM, channels);
    return new RouteChoice(Route.STREAM, obstacle + "; " + why.get());
  }

  /**
   * The same, with how much of RAM took it without a copy.
   *
   * @param uncopied in bytes
   */
  RouteChoice sparing(long uncopied) {
    return uncopied == 0
        ? this
        : new RouteChoice(
            route, reason + "; " + (uncopied >> 20) + " MiB of RAM are shared and were not copied");
  }

  /**
   * Refuses several channels on a route that has one.
   *
   * @param asked how many; 0 where nothing was asked for
   */
  static void requireChannels(Route route, int asked) throws RequestException {
    if (route == Route.STREAM && asked > 0) {
      throw new RequestException(
          ErrorCode.INVALID_REQUEST,
          "route " + Route.STREAM,
          "it has one channel, and " + asked + " are wanted",
          "leave the number of channels out, or use the route memory, multifd or native");
    }
  }
}
