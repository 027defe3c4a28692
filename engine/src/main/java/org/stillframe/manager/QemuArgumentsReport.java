/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.List;

/**
 * What a QEMU is to be started with, as far as an image tells: the machine, its RAM, and that a
 * guest is to be waited for. Processors, devices, disks and monitors are the caller's, and have to
 * be those that the guest was saved with.
 *
 * @param image what was looked at
 * @param mode how it is to be restored
 * @param machine the machine type, for example {@code pc-q35-10.0}
 * @param arguments in QEMU's order, each as one argument of the process; nothing is quoted for a
 *     shell
 */
public record QemuArgumentsReport(
    String image, RestoreMode mode, String machine, List<String> arguments) {
  /** Copies the list. */
  public QemuArgumentsReport {
    arguments = List.copyOf(arguments);
  }
}
