/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.List;
import java.util.function.Consumer;
import org.stillframe.channel.ChannelRun;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.Supervision;
import org.stillframe.error.StillframeException;

/**
 * Makes an image complete and durable on a thread of its own: storage may hang, the guest must not
 * with it.
 */
final class SyncPhase {
  private final ChannelScheduler scheduler;

  SyncPhase(ChannelScheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * Runs what makes the image durable, and waits for it.
   *
   * @param giveUp hears of a failure before storage that hangs is waited for
   */
  void run(ChannelTask task, Supervision supervision, Consumer<Throwable> giveUp)
      throws StillframeException {
    supervision.enter(Phase.SYNC);
    write(task, supervision, giveUp);
  }

  /** As {@link #run}, for what is written before. */
  void write(ChannelTask task, Supervision supervision, Consumer<Throwable> giveUp)
      throws StillframeException {
    try (ChannelRun run = scheduler.start("sync", List.of(task))) {
      try {
        supervision.await(run, () -> {});
      } catch (StillframeException | RuntimeException | Error e) {
        giveUp.accept(e);
        throw e;
      }
    }
  }
}
