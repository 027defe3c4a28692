/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The backend {@code tmpfs-test}: for tests of managers, with faults on order.
 *
 * <p>A {@link org.stillframe.backend.tmpfs.FaultPlan} says what goes wrong, a {@link
 * org.stillframe.backend.tmpfs.TmpfsTestBackend} does it, its {@link
 * org.stillframe.backend.tmpfs.Call}s tell what it was asked for, and its {@link
 * org.stillframe.backend.tmpfs.Finding}s what was done wrong.
 */
package org.stillframe.backend.tmpfs;
