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

  /** The backend cannot serve the target; {@code reason} says why, as part of a sentence. */
  public static Appraisal refused(String reason) {
    return new Appraisal(false, 0, reason);
  }

  /** Whether the backend can serve the target. */
  public boolean isAccepted() {
    return accepted;
  }

  /** 0 to 100, the higher the better; 0 if refused. */
  public int rank() {
    return rank;
  }

  /** Why, as part of a sentence. */
  public String reason() {
    return reason;
  }

  @Override
  public String toString() {
    return (accepted ? "accepted (rank " + rank + "): " : "refused: ") + reason;
  }
}
