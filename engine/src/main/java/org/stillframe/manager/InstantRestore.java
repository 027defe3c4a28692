/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.Optional;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.guest.InstantLoad;
import org.stillframe.image.InstantImage;
import org.stillframe.spi.Capability;
import org.stillframe.system.FileCalls;
import org.stillframe.target.OpenTarget;
import org.stillframe.target.Targets;

/** Opens images whose RAM is mapped and not loaded. */
final class InstantRestore {
  private final Targets targets;
  private final FileCalls files;
  private final InstantLoad load;

  InstantRestore(Targets targets, FileCalls files, InstantLoad load) {
    this.targets = targets;
    this.files = files;
    this.load = load;
  }

  /** Opens an image, checks it before QEMU hears of it, and lets it be used. */
  RestoreReport use(RestoreRequest request, Supervision supervision, RestoreOperation.Bring bring)
      throws StillframeException {
    requirePlain(request);
    try (OpenTarget open = targets.open(request.image())) {
      InstantImage image = InstantImage.open(files, open.target(), supervision::check);
      return bring.with(
          NativeRequests.NO_BACKEND,
          NativeRequests.NO_BACKEND + ": QEMU has RAM mapped from the image, copy-on-write",
          Optional.empty(),
          (guest, named) -> new RestoreOperation.Loaded(load.load(guest, image, supervision), 0));
    }
  }

  private static void requirePlain(RestoreRequest request) throws RequestException {
    if (request.route() != Route.AUTO && request.route() != Route.STREAM) {
      throw refused(
          "no RAM is moved that the route " + request.route() + " could take",
          "leave the route out");
    }
    if (request.channels() > 0) {
      throw refused("no RAM is moved that channels could share", "leave their number out");
    }
    if (request.backend().isPresent()) {
      throw refused(
          "QEMU maps the file itself, and the storage backend "
              + request.backend().get()
              + " is wanted",
          "leave the backend out");
    }
    if (request.capabilities().contains(Capability.BYPASS_CACHE)) {
      throw refused(
          "what is mapped is in the page cache, which is to be bypassed",
          "leave " + Capability.BYPASS_CACHE + " out");
    }
  }

  private static RequestException refused(String why, String remedy) {
    return new RequestException(
        ErrorCode.INVALID_REQUEST, "mode " + RestoreMode.INSTANT, why, remedy + ", or the mode");
  }
}
