/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.stillframe.channel.ChannelRun;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.ChannelTask;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.TargetKind;
import org.stillframe.system.Connection;
import org.stillframe.system.SystemCalls;

/**
 * Lets a QEMU give up a multifd migration without harm to its guest.
 *
 * <p>With multifd, connections that end under a QEMU are dangerous: 7.2 may wait for ever for a
 * channel that has failed, and 7.2 and 10.0 end if their settings are changed after a failure and
 * before they have cleaned up, which they do after they say {@code failed}. So nothing is hung up.
 * Everything that QEMU still sends is read and dropped, so that it waits for nobody and can hear
 * that it is to cancel; and when it has closed every connection itself, it has cleaned up.
 *
 * <p>Before 9.0 even to cancel is dangerous: 7.2 was seen to end at it, once in some fifty times.
 * It is left to go on to the end, which it comes to soon, as all it sends is dropped; the guest
 * then stands still, and can be let run again. Used by one thread.
 */
final class MultifdRelease implements OutgoingMigration.Release, AutoCloseable {
  private static final int BUFFER = 256 << 10;
  private static final Duration SLICE = Duration.ofMillis(50);

  private final SystemCalls system;
  private final ChannelScheduler scheduler;
  private final MultifdConnections connections;
  private final QemuVersion version;
  private final AtomicLong dropped = new AtomicLong();
  private ChannelRun run;

  MultifdRelease(
      SystemCalls system,
      ChannelScheduler scheduler,
      MultifdConnections connections,
      QemuVersion version) {
    this.version = version;
    this.system = system;
    this.scheduler = scheduler;
    this.connections = connections;
  }

  @Override
  public void begin() {
    List<ChannelTask> tasks = new ArrayList<>();
    for (Connection connection : connections.all()) {
      // A channel may still be reading, or wait for storage: this is a reader of its own.
      int fd = connection.descriptor().number();
      tasks.add(() -> drop(new Connection(system, system.borrowed(fd), TargetKind.SOCKET)));
    }
    run = scheduler.start("release", tasks);
  }

  private void drop(Connection connection) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    try {
      for (int count = 0; count >= 0; count = connection.read(buffer.clear())) {
        dropped.addAndGet(count);
      }
    } catch (IOException e) {
      // However it has ended, it has; if we are interrupted, it was waited for long enough.
      return;
    }
  }

  @Override
  public boolean mayCancel() {
    return version.atLeast(9, 0);
  }

  @Override
  public void await(Duration limit) throws StillframeException {
    long last = System.nanoTime();
    long seen = dropped.get();
    while (!run.await(SLICE)) {
      if (dropped.get() != seen) {
        seen = dropped.get();
        last = System.nanoTime();
      } else if (System.nanoTime() - last > limit.toNanos()) {
        throw new GuestException(
            ErrorCode.GUEST,
            "multifd connections",
            "QEMU sends nothing, and has not closed them within " + limit.toSeconds() + " s",
            "look at QEMU's own messages");
      }
    }
  }

  @Override
  public void close() {
    if (run != null) {
      run.close();
    }
  }
}
