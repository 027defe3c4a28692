/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.util.ArrayList;
import java.util.List;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.Throttle;
import org.stillframe.channel.TransferCounter;
import org.stillframe.stream.ImageSummary;
import org.stillframe.stream.MultifdSink;

/** One incoming multifd migration: a task for the main stream and one for each channel. */
final class MultifdReceive {
  private final MultifdMain main;
  private final List<MultifdReceiver> channels = new ArrayList<>();

  /**
   * Receives.
   *
   * @param maxBandwidth bytes per second of all channels together; 0 for no limit
   */
  MultifdReceive(
      MultifdConnections from, MultifdSink target, TransferCounter counter, long maxBandwidth) {
    int count = from.channels().size();
    MultifdRounds rounds = new MultifdRounds(count);
    main = new MultifdMain(from.main(), target, rounds, counter);
    // QEMU gives the next pages to whichever channel is free, so they share alike.
    long share = maxBandwidth == 0 ? 0 : Math.max(1, maxBandwidth / count);
    for (int i = 0; i < count; i++) {
      channels.add(
          new MultifdReceiver(
              i, from.channels().get(i), target, rounds, counter, new Throttle(share)));
    }
  }

  List<ChannelTask> tasks() {
    List<ChannelTask> tasks = new ArrayList<>(List.of(main));
    tasks.addAll(channels);
    return tasks;
  }

  /** Whether the source has ended a connection, in due time or not. */
  boolean sourceEnded() {
    return main.sourceEnded() || channels.stream().anyMatch(MultifdReceiver::sourceEnded);
  }

  /** What the main stream held: the pages of the channels are not counted in it. */
  ImageSummary summary() {
    return main.summary();
  }
}
