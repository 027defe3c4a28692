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
import org.stillframe.stream.StreamSummary;
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
    requireStream(request, uri);
    try (Publication publication = targets.create(uri, replace)) {
      BackendChoice choice =
          selector.select(publication.target(), request.capabilities(), request.backend());
      String name = publication.target().name();
      Duration begin = supervision.elapsed();
      Duration filled;
      StreamSummary contents;
      try (StateFile file =
          choice.backend().open(publication.target(), OpenMode.WRITE, request.capabilities())) {
        StreamSink sink = new StreamSink(name, file);
        filler.fill(sink);
        contents = sink.summary();
        filled = supervision.elapsed();
        supervision.enter(Phase.SYNC);
        if (publication.target().kind() == TargetKind.REGULAR) {
          file.truncate(contents.totalBytes());
        }
        file.sync();
      } catch (IOException e) {
        throw TransferFailures.of(name, e);
      }
      // The backend has let go of it without complaint: from here on nothing can spoil it.
      supervision.check();
      publication.publish();
      return new StoredImage(
          name,
          Layout.STREAM,
          choice.backend().name(),
          choice.explanation(),
          contents.totalBytes(),
          filled.minus(begin),
          supervision.elapsed().minus(filled),
          contents);
    }
  }

  /** There is one layout yet: what asks for another is refused, not ignored. */
  static void requireStream(Request request, TargetUri uri) throws RequestException {
    if (request.capabilities().contains(Capability.DIRECT_MAPPED)) {
      throw new RequestException(
          ErrorCode.UNSUPPORTED,
          uri.toString(),
          Capability.DIRECT_MAPPED + " needs the layout mapped, which this version does not have",
          "use the layout stream");
    }
  }
}
