/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.io.IOException;
import java.time.Duration;
import org.stillframe.backend.BackendChoice;
import org.stillframe.backend.BackendSelector;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.image.StreamSink;
import org.stillframe.image.TransferFailures;
import org.stillframe.spi.Capability;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.TargetKind;
import org.stillframe.target.Publication;
import org.stillframe.target.TargetUri;
import org.stillframe.target.Targets;

/** Makes images: opens the target, lets it be filled, makes it durable, publishes it. */
final class ImageMaker {
  private final Targets targets;
  private final BackendSelector selector;

  ImageMaker(Targets targets, BackendSelector selector) {
    this.targets = targets;
    this.selector = selector;
  }

  /** What fills an image. */
  @FunctionalInterface
  interface Filler {
    void fill(StreamSink sink) throws StillframeException;
  }

  /** Makes one image. If anything fails, the target is as it was. */
  StoredImage make(
      Request request, TargetUri uri, boolean replace, Supervision supervision, Filler filler)
      throws StillframeException {
    if (request.capabilities().contains(Capability.DIRECT_MAPPED)) {
      throw new RequestException(
          ErrorCode.UNSUPPORTED,
          uri.toString(),
          Capability.DIRECT_MAPPED + " needs the layout mapped, which this version cannot write",
          "save with the layout stream");
    }
    try (Publication publication = targets.create(uri, replace)) {
      BackendChoice choice =
          selector.select(publication.target(), request.capabilities(), request.backend());
      String name = publication.target().name();
      try (StateFile file =
          choice.backend().open(publication.target(), OpenMode.WRITE, request.capabilities())) {
        StreamSink sink = new StreamSink(name, file);
        Duration begin = supervision.elapsed();
        filler.fill(sink);
        Duration filled = supervision.elapsed();
        supervision.enter(Phase.SYNC);
        if (publication.target().kind() == TargetKind.REGULAR) {
          file.truncate(sink.summary().totalBytes());
        }
        file.sync();
        supervision.check();
        publication.publish();
        return new StoredImage(
            name,
            Layout.STREAM,
            choice.backend().name(),
            choice.explanation(),
            sink.summary().totalBytes(),
            filled.minus(begin),
            supervision.elapsed().minus(filled),
            sink.summary());
      } catch (IOException e) {
        throw TransferFailures.of(name, e);
      }
    }
  }
}
