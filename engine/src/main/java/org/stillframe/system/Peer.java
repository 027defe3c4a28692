/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

/**
 * Who is at the other end of a socket.
 *
 * @param process the one that listened or connected there, by SO_PEERCRED; 0 if it cannot be seen
 *     from here, or is another one by now
 * @param user the number of the user as whom it runs now; the one as whom it listened or connected,
 *     if that cannot be seen
 */
public record Peer(int process, int user) {
  /**
   * Tells whether a number still stands for who listened or connected.
   *
   * @param then the user as whom it did so
   * @param now the user as whom the process of this number runs now
   */
  static Peer of(int process, int then, int now) {
    // Root may give up its rights. Who has got others has been replaced by a program that is given
    // them, or has ended, and a stranger has its number: nobody may reach into that one for it.
    boolean same = now == then || then == 0;
    return same ? new Peer(process, now) : new Peer(0, then);
  }
}
