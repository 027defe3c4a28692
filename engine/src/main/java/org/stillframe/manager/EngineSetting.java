/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import org.stillframe.backend.BackendChoice;
import org.stillframe.benchmark.Operation;
import org.stillframe.benchmark.Setting;
import org.stillframe.channel.BufferShape;
import org.stillframe.image.StreamSink;
import org.stillframe.image.StreamSource;

/**
 * What a save or a restore uses by itself at a target: one queue of the backend that is chosen.
 *
 * @param bypassCache whether this is with the page cache bypassed, which has to be asked for
 * @param choice the backend
 * @param write the buffers with which an image is made
 * @param read the buffers with which an image is read
 */
public record EngineSetting(
    boolean bypassCache, BackendChoice choice, BufferShape write, BufferShape read) {
  private static final int QUEUES = 1;

  static EngineSetting of(boolean bypassCache, BackendChoice choice) {
    return new EngineSetting(bypassCache, choice, StreamSink.BUFFERS, StreamSource.BUFFERS);
  }

  /** The same, as something to measure. */
  public Setting setting(Operation operation) {
    BufferShape shape = operation == Operation.WRITE ? write : read;
    return new Setting(
        choice.backend().name(), bypassCache, operation, shape.size(), shape.count(), QUEUES);
  }
}
