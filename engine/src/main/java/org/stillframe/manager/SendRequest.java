/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.Objects;
import org.stillframe.guest.Endpoint;
import org.stillframe.target.TargetUri;

/** Send an image to any QEMU. Immutable. */
public final class SendRequest extends Request {
  private final TargetUri image;
  private final Endpoint sink;

  private SendRequest(Builder builder) {
    super(builder);
    image = builder.image;
    sink = builder.sink;
  }

  /** Starts a request. */
  public static Builder builder(TargetUri image, Endpoint sink) {
    return new Builder(image, sink);
  }

  /** The image to send. */
  public TargetUri image() {
    return image;
  }

  /** Where the stream goes to. */
  public Endpoint sink() {
    return sink;
  }

  /** Collects a request. Not thread-safe. */
  public static final class Builder extends Request.Builder<Builder> {
    private final TargetUri image;
    private final Endpoint sink;

    private Builder(TargetUri image, Endpoint sink) {
      this.image = Objects.requireNonNull(image, "image");
      this.sink = Objects.requireNonNull(sink, "sink");
    }

    @Override
    Builder self() {
      return this;
    }

    /** Makes the request. */
    public SendRequest build() {
      return new SendRequest(this);
    }
  }
}
