/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.io.IOException;
import java.util.List;
import org.stillframe.backend.BackendChoice;
import org.stillframe.backend.BackendSelector;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.image.ImageSource;
import org.stillframe.image.ImageSources;
import org.stillframe.image.MappedSource;
import org.stillframe.image.StreamSource;
import org.stillframe.image.TransferFailures;
import org.stillframe.spi.Capability;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.system.FileCalls;
import org.stillframe.target.OpenTarget;
import org.stillframe.target.TargetUri;
import org.stillframe.target.Targets;

/** Opens images to read them. */
final class ImageOpener {
  private final Targets targets;
  private final BackendSelector selector;
  private final FileCalls files;
  private final ChannelScheduler scheduler;

  ImageOpener(
      Targets targets, BackendSelector selector, FileCalls files, ChannelScheduler scheduler) {
    this.targets = targets;
    this.files = files;
    this.selector = selector;
    this.scheduler = scheduler;
  }

  /** What is done with an open image. */
  @FunctionalInterface
  interface Use<T> {
    T with(ImageSource source, BackendChoice choice) throws StillframeException;
  }

  /** Opens an image, lets it be used, closes it. */
  <T> T use(Request request, TargetUri uri, Supervision supervision, Use<T> use)
      throws StillframeException {
    try (OpenTarget open = targets.open(uri)) {
      BackendChoice choice =
          selector.select(open.target(), request.capabilities(), request.backend());
      try (StateFile file = choice.open(open.target(), OpenMode.READ, request.capabilities())) {
        ImageSource source = source(request, open.target(), file);
        check(source, supervision);
        source.expectedBytes().ifPresent(supervision::expect);
        return use.with(source, choice);
      } catch (IOException e) {
        throw TransferFailures.of(open.target().name(), e);
      } catch (LinkageError e) {
        throw choice.broken(e);
      }
    }
  }

  /** On a thread of its own, which can be told to give up: there may be many bitmaps to read. */
  private void check(ImageSource source, Supervision supervision) throws StillframeException {
    supervision.run(scheduler, "check", List.of(source::check));
  }

  private ImageSource source(Request request, Target target, StateFile file)
      throws StillframeException {
    if (ImageSources.look(target, file) == ImageSources.Found.MAPPED) {
      return new MappedSource(target, file, files);
    }
    if (request.capabilities().contains(Capability.DIRECT_MAPPED)) {
      throw new RequestException(
          ErrorCode.UNSUPPORTED,
          target.name(),
          "it is no image of the layout mapped, which " + Capability.DIRECT_MAPPED + " asks for",
          "leave " + Capability.DIRECT_MAPPED + " out, or convert the image");
    }
    return new StreamSource(target, file);
  }
}
