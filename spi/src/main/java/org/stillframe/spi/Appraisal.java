/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi;

import java.util.Objects;

/**
 * A backend's answer about a target: accepted with a rank, or refused; both with the reason.
 * Immutable.
 */
public final class Appraisal {
  /** In place of a rank: accepted, but never chosen unless it is asked for. */
  private static final int BY_NAME = -1;

  private final boolean accepted;
  private final int rank;
  private final String reason;

  private Appraisal(boolean accepted, int rank, String reason) {
    this.accepted = accepted;
    this.rank = rank;
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /**
   * The backend can serve the target.
   *
   * @param rank 0 to 100; of all that accept, the highest is chosen
   * @param reason why it has this rank, as part of a sentence
   * @throws IllegalArgumentException if rank is out of its range
   */
  public static Appraisal accepted(int rank, String reason) {
    if (rank < 0 || rank > 100) {
      throw new IllegalArgumentException("rank " + rank + " is not within 0..100");
    }
    return new Appraisal(true, rank, reason);
  }

  /**
   * The backend can serve the target, and does so only if it is asked for by its name.
   *
   * @param reason why it does not offer itself, as part of a sentence
   */
  public static Appraisal onlyByName(String reason) {
    return new Appraisal(true, BY_NAME, reason);
  }

  /** The backend cannot serve the target; {@code reason} says why, as part of a sentence. */
  public static Appraisal refused(String reason) {
    return new Appraisal(false, 0, reason);
  }

  /** Whether the backend can serve the target. */
  public boolean isAccepted() {
    return accepted;
  }

  /** Whether the backend may be chosen without being asked for by its name. */
  public boolean isAutomatic() {
    return accepted && rank != BY_NAME;
  }

  /** 0 to 100, the higher the better; 0 unless {@link #isAutomatic()}. */
  public int rank() {
    return Math.max(0, rank);
  }

  /** Why, as part of a sentence. */
  public String reason() {
    return reason;
  }

  @Override
  public String toString() {
    String answer =
        isAutomatic() ? "accepted (rank " + rank + ")" : accepted ? "only by name" : "refused";
    return answer + ": " + reason;
  }
}
