/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.util.List;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.TransferCounter;

/** Gives a guest whose pages can be had in the order of a stream alone. */
@FunctionalInterface
public interface OrderedSource {
  /**
   * What is to be done at once to give all of it. One and the same of these channels calls the
   * sink.
   *
   * @param sink is told everything
   * @param counter counts what was read and used
   */
  List<ChannelTask> channels(OrderedSink sink, TransferCounter counter);
}
