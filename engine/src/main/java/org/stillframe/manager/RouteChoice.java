/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.Optional;
import org.stillframe.error.RequestException;
import org.stillframe.guest.Guest;
import org.stillframe.guest.SocketReach;

/**
 * A route, and why it was taken.
 *
 * @param route not {@link Route#AUTO}
 */
record RouteChoice(Route route, String reason) {
  /** For a save: the route that was asked for, or the best that can be had. */
  static RouteChoice save(SaveRequest request, Guest guest, boolean places)
      throws RequestException {
    RouteChoice choice = named(request.route()).orElseGet(() -> bestSave(guest, places));
    return choice.with(request, request.channels());
  }

  /** For a restore: the route that was asked for, or the best that can be had. */
  static RouteChoice restore(RestoreRequest request, Guest guest, boolean places)
      throws RequestException {
    RouteChoice choice = named(request.route()).orElseGet(() -> best(guest, places, 4));
    return choice.with(request, request.channels());
  }

  private RouteChoice with(Request request, int channels) throws RequestException {
    if (route == Route.STREAM) {
      NativeRequests.requireNoChannels(request, channels);
    }
    return this;
  }

  private static Optional<RouteChoice> named(Route route) {
    return route == Route.AUTO
        ? Optional.empty()
        : Optional.of(new RouteChoice(route, "asked for by name"));
  }

  private static RouteChoice bestSave(Guest guest, boolean places) {
    if (places && !guest.version().atLeast(9, 0)) {
      return new RouteChoice(
          Route.STREAM, "QEMU before 9.0 cannot be asked to give up a save in several channels");
    }
    return best(guest, places, 9);
  }

  private static RouteChoice best(Guest guest, boolean places, int since) {
    if (!places) {
      return new RouteChoice(Route.STREAM, "the layout stream is one");
    }
    if (!guest.version().atLeast(since, 0)) {
      return new RouteChoice(Route.STREAM, "it works with every QEMU");
    }
    return SocketReach.obstacle(guest)
        .map(why -> new RouteChoice(Route.STREAM, why + ", and this needs no path of a socket"))
        .orElseGet(() -> new RouteChoice(Route.MULTIFD, "several channels at once"));
  }
}
