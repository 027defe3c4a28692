/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.io.IOException;
import java.time.Duration;
import org.stillframe.backend.BackendChoice;
import org.stillframe.backend.BackendSelector;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.Supervision;
import org.stillframe.error.StillframeException;
import org.stillframe.image.ImageSink;
import org.stillframe.image.MappedSink;
import org.stillframe.image.StreamSink;
import org.stillframe.image.TransferFailures;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.stream.ImageSummary;
import org.stillframe.target.Publication;
import org.stillframe.target.Targets;

/** Makes images: opens the target, lets it be filled, makes it durable, publishes it. */
final class ImageMaker {
  private final Targets targets;
  private final BackendSelector selector;
  private final SyncPhase sync;

  ImageMaker(Targets targets, BackendSelector selector, ChannelScheduler scheduler) {
    this.targets = targets;
    this.selector = selector;
    sync = new SyncPhase(scheduler);
  }

  /** What fills an image. */
  @FunctionalInterface
  interface Filler {
    void fill(ImageSink sink) throws StillframeException;

    /** It came to nothing; storage that hangs may yet have to be waited for. */
    default void giveUp(Throwable failure) {}
  }

  /** Refuses at once what no backend of ours would serve, as far as a look at the target tells. */
  void requireServed(StoringRequest request) throws StillframeException {
    StoragePlan.of(request, targets.probe(request.target()), selector);
  }

  /** Begins an image, makes it and closes it. */
  StoredImage make(StoringRequest request, Supervision supervision, Filler filler)
      throws StillframeException {
    try (Publication publication = begin(request)) {
      return make(publication, request, supervision, filler);
    }
  }

  /**
   * Begins an image. Closing it may take its time on storage: what it replaced is freed then, or
   * what was begun is removed.
   */
  Publication begin(StoringRequest request) throws StillframeException {
    return targets.create(request.target(), request.replace());
  }

  /**
   * Makes one image. If anything fails, a target that is a path to a regular file is as it was when
   * the publication is closed; one that is written in place holds no image.
   */
  StoredImage make(
      Publication publication, StoringRequest request, Supervision supervision, Filler filler)
      throws StillframeException {
    Target target = publication.target();
    StoragePlan plan = StoragePlan.of(request, target, selector);
    BackendChoice choice = plan.choice();
    String name = target.name();
    Duration begin = supervision.elapsed();
    Duration filled;
    ImageSummary contents;
    try (StateFile file = choice.open(target, OpenMode.WRITE, plan.wanted())) {
      ImageSink sink =
          plan.layout() == Layout.MAPPED
              ? new MappedSink(
                  target,
                  file,
                  publication.inPlace(),
                  task -> sync.write(task, supervision, filler::giveUp))
              : new StreamSink(target, file, publication.inPlace());
      filler.fill(sink);
      contents = sink.summary();
      filled = supervision.elapsed();
      sync.run(sink::settle, supervision, filler::giveUp);
    } catch (IOException e) {
      throw TransferFailures.of(name, e);
    } catch (LinkageError e) {
      throw choice.broken(e);
    }
    // The backend has let go of it without complaint: from here on nothing can spoil it.
    supervision.check();
    publication.publish();
    return new StoredImage(
        name,
        plan.layout(),
        choice.backend().name(),
        choice.explanation(),
        contents.totalBytes(),
        filled.minus(begin),
        supervision.elapsed().minus(filled),
        contents);
  }
}
