/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.time.Duration;
import java.util.Optional;

/**
 * What a save did.
 *
 * @param image what was made, and how it was stored
 * @param route how RAM got there
 * @param routeReason why that route
 * @param qemu the QEMU's version
 * @param guestStatus what the guest is doing now, in QEMU's word; {@code quit} if its QEMU ended
 * @param stoodStill from when QEMU stopped the guest to when it ran on, or to the end of the save;
 *     empty if it did not run before
 * @param processorTime of this whole process during the operation, outside the kernel and in it:
 *     what else the JVM did meanwhile is in it, other operations too; its start is not
 * @param notice what an operator should know of besides; empty if there is nothing
 */
public record SaveReport(
    StoredImage image,
    Route route,
    String routeReason,
    String qemu,
    String guestStatus,
    Optional<Duration> stoodStill,
    Duration processorTime,
    Optional<String> notice) {}
