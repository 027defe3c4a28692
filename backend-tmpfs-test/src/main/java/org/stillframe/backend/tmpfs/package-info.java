/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The backend {@code tmpfs-test}: for tests of managers, with faults on order. */
package org.stillframe.backend.tmpfs;
