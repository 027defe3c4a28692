/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.channel;

import java.util.List;

/** Runs channels. Thread-safe; no thread outlives the {@link ChannelRun} it belongs to. */
public interface ChannelScheduler {
  /**
   * Starts one thread for each task. The first that fails stops the others.
   *
   * @param name part of the threads' names, for example {@code save}
   */
  ChannelRun start(String name, List<ChannelTask> tasks);
}
