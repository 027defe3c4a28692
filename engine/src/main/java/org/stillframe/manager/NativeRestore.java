/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.Optional;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.StillframeException;
import org.stillframe.guest.NativeLoad;
import org.stillframe.image.MappedInspection;
import org.stillframe.spi.Capability;
import org.stillframe.spi.Target;
import org.stillframe.stream.BlockSummary;
import org.stillframe.stream.ImageSummary;
import org.stillframe.stream.StreamHead;
import org.stillframe.system.FileCalls;
import org.stillframe.target.OpenTarget;
import org.stillframe.target.Targets;

/** Opens images that QEMU itself reads. */
final class NativeRestore {
  private final Targets targets;
  private final NativeLoad route;
  private final MappedInspection inspection;

  NativeRestore(Targets targets, FileCalls files) {
    this.targets = targets;
    route = new NativeLoad(files);
    inspection = new MappedInspection(files);
  }

  /** Opens an image, checks it before QEMU hears of it, and lets it be used. */
  RestoreReport use(RestoreRequest request, Supervision supervision, RestoreOperation.Bring bring)
      throws StillframeException {
    NativeRequests.requireNoBackend(request);
    boolean direct = request.capabilities().contains(Capability.BYPASS_CACHE);
    try (OpenTarget open = targets.open(request.image())) {
      Target target = open.target();
      if (!target.kind().seekable()) {
        throw NativeRequests.refused(
            ErrorCode.UNSUPPORTED,
            target.name() + " is a " + target.kind().label() + " and has no positions",
            "name a file or a block device, or use the route stream");
      }
      ImageSummary image = inspection.check(target, supervision::check);
      return bring.with(
          NativeRequests.NO_BACKEND,
          NativeRequests.NO_BACKEND
              + ": QEMU read the image itself"
              + (direct ? ", its RAM past the page cache (O_DIRECT)" : ", through the page cache"),
          Optional.of(() -> head(image)),
          (guest, named) -> {
            route.load(guest, target, image, direct, request.effectiveChannels(), supervision);
            return new RestoreOperation.Loaded(image, 0);
          });
    }
  }

  private static StreamHead head(ImageSummary image) {
    return new StreamHead(
        image.configuration(), image.blocks().stream().map(BlockSummary::block).toList());
  }
}
