/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

/**
 * What a QEMU that loads understands of multifd. Immutable.
 *
 * <p>QEMU waits for the channels at words in the main stream (8.1 and later) and, with machine
 * types of 8.0 and older, at the end of each section of RAM as well. The name of the machine does
 * not always tell which, and QEMU cannot be asked. So the main stream has words, two sections of
 * RAM with a word at the end of each, and the channels synchronise often enough for both: once
 * before the pages and three times behind them.
 *
 * <pre>
 *   main      list, word  end     last section, word  end
 *   by words        1                           2            3 and 4 are left over
 *   by both         1     2                     3     4
 * </pre>
 *
 * <p>In either case the first stands before the pages, and the second and all later ones behind
 * them. A channel that waits with a synchronisation left over is ended by QEMU with the migration.
 * QEMU before 8.1 waits at the ends alone and does not know the word: once before, once behind.
 *
 * @param flushWords whether it knows the words
 */
record MultifdDialect(boolean flushWords) {
  static MultifdDialect of(QemuVersion version) {
    return new MultifdDialect(version.atLeast(8, 1));
  }

  /**
   * How often a channel synchronises behind its last page where pages may come more than once: with
   * one more section of RAM before the zero ones in the main stream, so that QEMU has taken all
   * that the channels carry.
   */
  int closingSyncsOfStream() {
    return flushWords ? 5 : 2;
  }

  /** How often a channel synchronises behind its last page. */
  int closingSyncs() {
    return flushWords ? 3 : 1;
  }
}
