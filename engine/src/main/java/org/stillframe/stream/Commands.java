/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import org.stillframe.error.StillframeException;

/**
 * The COMMAND sections of the savevm format: one is passed over, the others are refused by name.
 */
final class Commands {
  private static final String WHERE = "COMMAND section";

  /** By number; 0 is no command. */
  private static final String[] NAMES = {
    "",
    "OPEN_RETURN_PATH",
    "PING",
    "POSTCOPY_ADVISE",
    "POSTCOPY_LISTEN",
    "POSTCOPY_RUN",
    "POSTCOPY_RAM_DISCARD",
    "PACKAGED",
    "ENABLE_COLO",
    "POSTCOPY_RESUME",
    "RECV_BITMAP",
    "SWITCHOVER_START",
  };

  private Commands() {}

  /** Whether a number is a command's. */
  static boolean known(int command) {
    return command > 0 && command < NAMES.length;
  }

  /** Reads a command behind its type byte, which stands at {@code at}. */
  static void pass(StreamInput input, long at) throws StillframeException {
    input.reading(WHERE);
    int command = input.u16();
    int length = input.u16();
    if (!known(command)) {
      throw Faults.damaged(at, WHERE, "command " + command + " is not known");
    }
    if (command != Wire.COMMAND_SWITCHOVER_START) {
      throw refused(at, command);
    }
    if (length != 0) {
      throw Faults.damaged(at, WHERE, NAMES[command] + " carries " + length + " bytes, not 0");
    }
  }

  private static StillframeException refused(long at, int command) {
    String name = NAMES[command];
    return switch (name) {
      case "OPEN_RETURN_PATH", "PING" ->
          Faults.unsupported(
              at,
              WHERE,
              name + " asks for answers, which a stream that is stored cannot give",
              "switch the capability return-path off at the source");
      case "ENABLE_COLO" ->
          Faults.unsupported(
              at,
              WHERE,
              name + " belongs to COLO replication, not to a save",
              "switch the capability x-colo off at the source");
      default ->
          Faults.unsupported(
              at,
              WHERE,
              name + " belongs to postcopy, whose pages come on demand",
              "switch the capability postcopy-ram off at the source");
    };
  }
}
