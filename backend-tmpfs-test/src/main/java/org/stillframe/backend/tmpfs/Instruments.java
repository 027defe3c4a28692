/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.util.concurrent.atomic.AtomicLong;

/** What the parts of one backend share. All of it is thread-safe. */
record Instruments(
    Faults faults, Gate gate, Storage storage, Recorder recorder, Watch watch, AtomicLong queues) {
  /** The number of a queue that is opened, from 1. */
  long nextQueue() {
    return queues.incrementAndGet();
  }
}
