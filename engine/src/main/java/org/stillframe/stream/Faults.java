/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;

/** The failures of this package, worded alike: byte and place, reason, remedy. */
final class Faults {
  private static final String STREAM = "migration stream ";
  private static final String ANOTHER_COPY = "use another copy of it, or save the guest again";

  private Faults() {}

  /** What stands at {@code offset} cannot be so in a whole stream. */
  static DamagedException damaged(long offset, String where, String why) {
    return new DamagedException(place(offset, where), why, ANOTHER_COPY);
  }

  /** As {@link #damaged(long, String, String)}, with the exception that told. */
  static DamagedException damaged(long offset, String where, String why, Throwable cause) {
    return new DamagedException(place(offset, where), why, ANOTHER_COPY, cause);
  }

  /** The input ended, at {@code offset}, before {@code where} was complete. */
  static DamagedException cut(long offset, String where) {
    return damaged(offset, where, "it ends inside " + where);
  }

  /** What stands at {@code offset} is known, sound, and not for this parser. */
  static RequestException unsupported(long offset, String where, String why, String remedy) {
    return new RequestException(ErrorCode.UNSUPPORTED, place(offset, where), why, remedy);
  }

  /** The same failure, told of a file that is read at positions: there is no stream to speak of. */
  static StillframeException inFile(StillframeException failure) {
    if (!failure.what().startsWith(STREAM)) {
      return failure;
    }
    String what = failure.what().substring(STREAM.length());
    return failure instanceof DamagedException
        ? new DamagedException(what, failure.why(), failure.remedy(), failure)
        : new RequestException(failure.code(), what, failure.why(), failure.remedy(), failure);
  }

  private static String place(long offset, String where) {
    return STREAM + "at byte " + offset + ", " + where;
  }
}
