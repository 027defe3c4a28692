/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

/**
 * Who is at the other end of a socket.
 *
 * @param process the one that listened or connected there, by SO_PEERCRED
 * @param user the number of the user as whom it runs now; the one as whom it listened or connected,
 *     if that cannot be seen
 */
public record Peer(int process, int user) {}
