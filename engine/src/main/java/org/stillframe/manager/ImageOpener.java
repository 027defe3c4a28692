/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.io.IOException;
import org.stillframe.backend.BackendChoice;
import org.stillframe.backend.BackendSelector;
import org.stillframe.channel.Supervision;
import org.stillframe.error.StillframeException;
import org.stillframe.image.StreamSource;
import org.stillframe.image.TransferFailures;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.target.OpenTarget;
import org.stillframe.target.TargetUri;
import org.stillframe.target.Targets;

/** Opens images to read them. */
final class ImageOpener {
  private final Targets targets;
  private final BackendSelector selector;

  ImageOpener(Targets targets, BackendSelector selector) {
    this.targets = targets;
    this.selector = selector;
  }

  /** What is done with an open image. */
  @FunctionalInterface
  interface Use<T> {
    T with(StreamSource source, BackendChoice choice) throws StillframeException;
  }

  /** Opens an image, lets it be used, closes it. */
  <T> T use(Request request, TargetUri uri, Supervision supervision, Use<T> use)
      throws StillframeException {
    ImageMaker.requireStream(request, uri);
    try (OpenTarget open = targets.open(uri)) {
      BackendChoice choice =
          selector.select(open.target(), request.capabilities(), request.backend());
      try (StateFile file = choice.open(open.target(), OpenMode.READ, request.capabilities())) {
        StreamSource source = new StreamSource(open.target(), file);
        source.check();
        if (open.target().size() > 0) {
          supervision.expect(open.target().size());
        }
        return use.with(source, choice);
      } catch (IOException e) {
        throw TransferFailures.of(open.target().name(), e);
      } catch (LinkageError e) {
        throw choice.broken(e);
      }
    }
  }
}
