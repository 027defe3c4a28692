/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.channel;

import java.util.List;

/** Runs each channel on a thread of its own. */
public final class ThreadChannelScheduler implements ChannelScheduler {
  /** Makes a scheduler. */
  public ThreadChannelScheduler() {}

  @Override
  public ChannelRun start(String name, List<ChannelTask> tasks) {
    return new ThreadChannelRun(name, tasks);
  }
}
