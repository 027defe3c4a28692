/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.Objects;
import java.util.Optional;
import org.stillframe.target.TargetUri;

/** Tell which storage backends there are and what they say of a target. Immutable. */
public final class BackendsRequest extends Request {
  private final Optional<TargetUri> target;

  private BackendsRequest(Builder builder) {
    super(builder);
    target = builder.target;
  }

  /** Starts a request. */
  public static Builder builder() {
    return new Builder();
  }

  /** The target that is asked about; empty to list the backends alone. */
  public Optional<TargetUri> target() {
    return target;
  }

  /** Collects a request. Not thread-safe. */
  public static final class Builder extends Request.Builder<Builder> {
    private Optional<TargetUri> target = Optional.empty();

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /** Asks about a target; it need not exist yet. */
    public Builder target(TargetUri value) {
      target = Optional.of(Objects.requireNonNull(value, "target"));
      return this;
    }

    /** Makes the request. */
    public BackendsRequest build() {
      return new BackendsRequest(this);
    }
  }
}
