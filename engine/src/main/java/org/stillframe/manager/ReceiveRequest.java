/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.Objects;
import org.stillframe.guest.Endpoint;
import org.stillframe.target.TargetUri;

/** Make an image of the migration stream of any QEMU. Immutable. */
public final class ReceiveRequest extends StoringRequest {
  private final Endpoint source;

  private ReceiveRequest(Builder builder) {
    super(builder);
    source = builder.source;
  }

  /** Starts a request. */
  public static Builder builder(Endpoint source, TargetUri target) {
    return new Builder(source, target);
  }

  /** Where the stream comes from. */
  public Endpoint source() {
    return source;
  }

  /** Collects a request. Not thread-safe. */
  public static final class Builder extends StoringRequest.Builder<Builder> {
    private final Endpoint source;

    private Builder(Endpoint source, TargetUri target) {
      super(target);
      this.source = Objects.requireNonNull(source, "source");
    }

    @Override
    Builder self() {
      return this;
    }

    /** Makes the request. */
    public ReceiveRequest build() {
      return new ReceiveRequest(this);
    }
  }
}
