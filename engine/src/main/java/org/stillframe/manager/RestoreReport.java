/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.time.Duration;
import org.stillframe.stream.ImageSummary;

/**
 * What a restore did.
 *
 * @param mode when main memory is read from the image
 * @param route how RAM got to QEMU
 * @param routeReason why that route
 * @param processorTime of this whole process during the operation, outside the kernel and in it:
 *     what else the JVM did meanwhile is in it, other operations too; its start is not
 * @param guestStatus what the guest is doing now, in QEMU's word
 */
public record RestoreReport(
    String image,
    RestoreMode mode,
    Route route,
    String routeReason,
    String backend,
    String backendReason,
    String qemu,
    long bytes,
    Duration elapsed,
    Duration processorTime,
    String guestStatus,
    ImageSummary contents) {
  /** How RAM lies in the image. */
  public Layout layout() {
    return Layout.of(contents);
  }
}
