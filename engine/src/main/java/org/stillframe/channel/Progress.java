/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.channel;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How far a piece of work has come.
 *
 * @param bytes moved so far
 * @param total bytes to be moved in all, as far as is known now; of a running guest an estimate
 * @param elapsed since the work began
 */
public record Progress(Phase phase, long bytes, OptionalLong total, Duration elapsed) {
  /** What is being done. */
  public enum Phase {
    /** Waiting for the other end to connect. */
    CONNECT,
    /** Moving bytes. */
    TRANSFER,
    /** Making them durable. */
    SYNC
  }
}
