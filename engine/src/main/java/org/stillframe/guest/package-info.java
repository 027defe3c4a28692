/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Guests: one QEMU each, reached by its QMP monitor. What is said about commands, events and their
 * members is from QEMU's QAPI; "since" names the QEMU version that has it.
 */
package org.stillframe.guest;
