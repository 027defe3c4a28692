/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.Objects;
import org.stillframe.guest.Endpoint;
import org.stillframe.target.TargetUri;

/** Make an image of the migration stream of any QEMU. Immutable. */
public final class ReceiveRequest extends Request {
  private final Endpoint source;
  private final TargetUri target;
  private final boolean replace;

  private ReceiveRequest(Builder builder) {
    super(builder);
    source = builder.source;
    target = builder.target;
    replace = builder.replace;
  }

  /** Starts a request. */
  public static Builder builder(Endpoint source, TargetUri target) {
    return new Builder(source, target);
  }

  /** Where the stream comes from. */
  public Endpoint source() {
    return source;
  }

  /** Where the image is made. */
  public TargetUri target() {
    return target;
  }

  /** Whether an image that is there may be replaced. */
  public boolean replace() {
    return replace;
  }

  /** Collects a request. Not thread-safe. */
  public static final class Builder extends Request.Builder<Builder> {
    private final Endpoint source;
    private final TargetUri target;
    private boolean replace;

    private Builder(Endpoint source, TargetUri target) {
      this.source = Objects.requireNonNull(source, "source");
      this.target = Objects.requireNonNull(target, "target");
    }

    @Override
    Builder self() {
      return this;
    }

    /** Sets {@link ReceiveRequest#replace()}. */
    public Builder replace(boolean value) {
      replace = value;
      return this;
    }

    /** Makes the request. */
    public ReceiveRequest build() {
      return new ReceiveRequest(this);
    }
  }
}
