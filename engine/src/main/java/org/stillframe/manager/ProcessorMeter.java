/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.time.Duration;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.system.SystemCalls;

/** Tells what processor time this process has used since the meter was made. Thread-safe. */
final class ProcessorMeter {
  private final SystemCalls system;
  private final Duration before;

  private ProcessorMeter(SystemCalls system, Duration before) {
    this.system = system;
    this.before = before;
  }

  /**
   * Begins to measure.
   *
   * @throws RequestException UNSUPPORTED if the system does not tell
   */
  static ProcessorMeter begin(SystemCalls system) throws RequestException {
    try {
      return new ProcessorMeter(system, system.resourceUse().processorTime());
    } catch (SystemCallException e) {
      throw new RequestException(
          ErrorCode.UNSUPPORTED, "processor time of this process", e.getMessage(), "", e);
    }
  }

  /** Of all threads, outside the kernel and in it. */
  Duration used() {
    try {
      return system.resourceUse().processorTime().minus(before);
    } catch (SystemCallException e) {
      // By getrusage(2) the arguments alone can be wrong, and they were right before.
      throw new IllegalStateException(e);
    }
  }
}
