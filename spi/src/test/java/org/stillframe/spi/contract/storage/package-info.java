/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Storage for tests: file systems that are mounted for a test class, and block devices.
 *
 * <p>Making them needs root, loop devices, and the commands of the Debian packages mount, e2fsprogs
 * and xfsprogs. Where one of these is missing, the tests of the class are assumed away, saying what
 * it was; they fail where the environment variable {@code CI} is set.
 */
package org.stillframe.spi.contract.storage;
