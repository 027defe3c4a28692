/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

/**
 * What a guest is doing, as {@code query-status} says (since 0.14).
 *
 * @param name QEMU's RunState: {@code running}, {@code paused}, {@code prelaunch}, {@code
 *     inmigrate}, {@code postmigrate} and others
 * @param running whether its processors run
 */
public record GuestStatus(String name, boolean running) {}
