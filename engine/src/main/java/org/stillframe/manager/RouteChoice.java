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
import org.stillframe.guest.MemoryLoad;
import org.stillframe.guest.MemorySave;
import org.stillframe.guest.SocketReach;

/**
 * A route, and why it was taken.
 *
 * @param route not {@link Route#AUTO}
 */
record RouteChoice(Route route, String reason) {
  /** For a save: the route that was asked for, or the best that can be had. */
  static RouteChoice save(SaveRequest request, Guest guest, boolean places, MemorySave memory)
      throws StillframeException {
    boolean live = request.downtimeLimit().isPresent();
    if (request.route() == Route.MEMORY && live) {
      throw new RequestException(
          ErrorCode.UNSUPPORTED,
          "route " + Route.MEMORY,
          "it reads the RAM of a guest that stands still, and a live save is wanted",
          "use another route, or save without --live");
    }
    RouteChoice choice;
    if (request.route() != Route.AUTO) {
      choice = named(request.route());
    } else if (!places) {
      choice = new RouteChoice(Route.STREAM, "the layout stream is one");
    } else {
      Optional<String> obstacle =
          live ? Optional.of("a live save needs a migration") : memory.obstacle(guest);
      if (obstacle.isEmpty()) {
        choice = new RouteChoice(Route.MEMORY, "RAM can be read out of QEMU's process");
      } else {
        choice =
            guest.version().atLeast(9, 0)
                ? migration(guest, obstacle.get())
                : new RouteChoice(
                    Route.STREAM,
                    obstacle.get() + "; several channels cannot be given up before QEMU 9.0");
      }
    }
    return choice.with(request, request.channels());
  }

  /** For a restore: the route that was asked for, or the best that can be had. */
  static RouteChoice restore(RestoreRequest request, Guest guest, boolean places, MemoryLoad memory)
      throws StillframeException {
    RouteChoice choice;
    if (request.route() != Route.AUTO) {
      choice = named(request.route());
    } else if (!places) {
      choice = new RouteChoice(Route.STREAM, "the layout stream is one");
    } else {
      Optional<String> obstacle = memory.obstacle(guest);
      choice =
          obstacle.isEmpty()
              ? new RouteChoice(Route.MEMORY, "RAM can be written into QEMU's process")
              : migration(guest, obstacle.get());
    }
    return choice.with(request, request.channels());
  }

  private RouteChoice with(Request request, int channels) throws RequestException {
    if (route == Route.STREAM) {
      NativeRequests.requireNoChannels(request, channels);
    }
    return this;
  }

  private static RouteChoice named(Route route) {
    return new RouteChoice(route, "asked for by name");
  }

  private static RouteChoice migration(Guest guest, String obstacle) {
    Optional<String> unreached =
        guest.version().atLeast(4, 0)
            ? SocketReach.obstacle(guest)
            : Optional.of("QEMU has several channels since 4.0");
    return unreached
        .map(why -> new RouteChoice(Route.STREAM, obstacle + "; " + why))
        .orElseGet(() -> new RouteChoice(Route.MULTIFD, obstacle));
  }
}
