/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.stillframe.channel.ChannelRun;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.image.TransferFailures;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.system.SystemCalls;

/** Writes the file anew, or reads it, once. Used by one thread. */
final class Pass {
  private final ChannelScheduler scheduler;
  private final SystemCalls system;
  private final Target target;
  private final Arena arena;
  private final Supervision supervision;

  /**
   * Makes passes over one file.
   *
   * @param target a regular file that is ours, open for reading and writing
   */
  Pass(
      ChannelScheduler scheduler,
      SystemCalls system,
      Target target,
      Arena arena,
      Supervision supervision) {
    this.scheduler = scheduler;
    this.system = system;
    this.target = target;
    this.arena = arena;
    this.supervision = supervision;
  }

  /**
   * Makes one.
   *
   * @param size how much, from the start of the file; a read needs as much to be there
   */
  Measurement over(Subject subject, Setting setting, long size) throws StillframeException {
    boolean write = setting.operation() == Operation.WRITE;
    try (StateFile file =
        subject.backend().open(target, write ? OpenMode.WRITE : OpenMode.READ, subject.wanted())) {
      requireServed(file, setting);
      if (write) {
        // What an earlier pass has left is not ours to wait for while the clock runs.
        file.truncate(0);
        file.sync();
        // As an image with fixed places does: a direct write that extends a file waits for itself.
        file.truncate(size);
      } else {
        system.dropFromCache(target.descriptor());
      }
      return measure(file, setting, size);
    } catch (IOException e) {
      throw TransferFailures.of(target.name() + ", backend " + setting.backend(), e);
    }
  }

  private Measurement measure(StateFile file, Setting setting, long size)
      throws StillframeException {
    Stopwatch stopwatch = new Stopwatch(system, target.name(), setting.queues());
    QueueTask.Run run =
        new QueueTask.Run(
            target.name(), file, setting, size, new AtomicLong(), stopwatch, supervision.counter());
    List<ChannelTask> tasks = new ArrayList<>();
    for (int queue = 0; queue < setting.queues(); queue++) {
      tasks.add(new QueueTask(run, arena.pool(setting, queue)));
    }
    try (ChannelRun channels = scheduler.start("bench", tasks)) {
      supervision.await(channels, () -> {});
    }
    return stopwatch.measurement(size);
  }

  private void requireServed(StateFile file, Setting setting) throws RequestException {
    int offsets = file.offsetAlignment();
    if (setting.blockSize() % offsets != 0) {
      throw new RequestException(
          ErrorCode.UNSUPPORTED,
          target.name() + ", backend " + setting.backend(),
          "blocks of %d bytes are no multiple of %d".formatted(setting.blockSize(), offsets),
          "choose larger blocks");
    }
  }
}
