/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Real guests for tests: {@link org.stillframe.testguest.BootSector} is a guest that verifies its
 * own memory and says on its serial line whether it is right, {@link
 * org.stillframe.testguest.QemuProcess} runs it, and {@link org.stillframe.testguest.QemuVersions}
 * names the QEMU binaries to run it with.
 */
package org.stillframe.testguest;
