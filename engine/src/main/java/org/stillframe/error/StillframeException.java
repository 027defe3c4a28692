/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.error;

import java.util.Objects;

/**
 * A failure with its three parts: what failed and where, why in the system's own words, and what to
 * do about it. {@link #getMessage()} joins them as one line, {@code WHAT: WHY; WHAT TO DO}.
 */
public abstract class StillframeException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String what;
  private final String why;
  private final String remedy;

  /**
   * Creates a failure.
   *
   * @param what what failed, with the path, offset or block it concerns
   * @param why the cause, in the words of whoever reported it
   * @param remedy what the reader can do, or empty where nothing is known
   * @param cause the underlying exception, or null
   */
  protected StillframeException(
      ErrorCode code, String what, String why, String remedy, Throwable cause) {
    super(oneLine(what, why, remedy), cause);
    this.code = Objects.requireNonNull(code, "code");
    this.what = what;
    this.why = why;
    this.remedy = remedy;
  }

  /** The stable kind of this failure. */
  public ErrorCode code() {
    return code;
  }

  /** What failed, with the path, offset or block it concerns. */
  public String what() {
    return what;
  }

  /** The cause, in the words of whoever reported it. */
  public String why() {
    return why;
  }

  /** What the reader can do; empty where nothing is known. */
  public String remedy() {
    return remedy;
  }

  private static String oneLine(String what, String why, String remedy) {
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(why, "why");
    Objects.requireNonNull(remedy, "remedy");
    String line = what + ": " + why + (remedy.isEmpty() ? "" : "; " + remedy);
    // Words from QEMU or the system may carry line breaks or terminal controls, C1 ones among them;
    // the message never.
    return line.replaceAll("\\p{Cc}+", " ").strip();
  }
}
