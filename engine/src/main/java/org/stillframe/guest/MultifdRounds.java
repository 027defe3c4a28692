/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.util.List;
import org.stillframe.error.CancelledException;
import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;
import org.stillframe.stream.Configuration;
import org.stillframe.stream.RamBlock;

/**
 * Keeps the main stream and the channels of one incoming migration in step. What a channel carries
 * before its k-th synchronisation belongs before the k-th flush of the main stream, and what
 * anybody carries after that comes later: nobody goes on before all are there.
 *
 * <p>Whoever waits is woken by an interrupt, which is how the first failure ends the others.
 * Thread-safe.
 */
final class MultifdRounds {
  private static final String REMEDY = "save the guest again";

  private final long[] syncs;
  private final boolean[] left;
  private Guest guest;
  private long flushes;
  private long passed;
  private boolean ended;

  /** What the channels must know before they can read a packet. */
  record Guest(Configuration configuration, List<RamBlock> blocks) {}

  MultifdRounds(int channels) {
    syncs = new long[channels];
    left = new boolean[channels];
  }

  /** Main: the list of blocks was read. */
  synchronized void begin(Configuration configuration, List<RamBlock> blocks) {
    guest = new Guest(configuration, List.copyOf(blocks));
    notifyAll();
  }

  /** Channel: waits until the list of blocks was read. Packets wait in the socket so long. */
  synchronized Guest awaitGuest() throws CancelledException {
    while (guest == null) {
      pause();
    }
    return guest;
  }

  /** Main: waits until every channel has reached its next synchronisation, and lets all go on. */
  synchronized void flush() throws DamagedException, CancelledException {
    flushes++;
    while (!allReached()) {
      pause();
    }
    passed = flushes;
    notifyAll();
  }

  private boolean allReached() throws DamagedException {
    boolean all = true;
    for (int i = 0; i < syncs.length; i++) {
      if (syncs[i] < flushes) {
        if (left[i]) {
          throw damaged(
              i,
              "it ended after "
                  + syncs[i]
                  + " synchronisations, and the main stream calls for "
                  + flushes);
        }
        all = false;
      }
    }
    return all;
  }

  /** Channel: all before this is stored; waits for the flush of the same number. */
  synchronized void sync(int channel) throws DamagedException, CancelledException {
    long own = ++syncs[channel];
    notifyAll();
    while (passed < own) {
      if (ended) {
        throw damaged(
            channel,
            "it has synchronised " + own + " times, and the main stream calls for " + flushes);
      }
      pause();
    }
  }

  /**
   * Channel: its connection has ended between two packets; waits until the main stream has told
   * that this was all.
   *
   * @param unsynchronised whether pages came after its last synchronisation
   */
  synchronized void leave(int channel, boolean unsynchronised)
      throws DamagedException, CancelledException {
    if (unsynchronised) {
      throw damaged(channel, "it ended with pages that no synchronisation follows");
    }
    left[channel] = true;
    notifyAll();
    while (!ended) {
      pause();
    }
  }

  /** Main: RAM has ended. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  private static DamagedException damaged(int channel, String why) {
    return new DamagedException("multifd channel " + channel, why, REMEDY);
  }

  private void pause() throws CancelledException {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException(
          ErrorCode.CANCELLED, "multifd channels", "the transfer was interrupted", "", e);
    }
  }
}
