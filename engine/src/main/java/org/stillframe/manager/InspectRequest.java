/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.Objects;
import org.stillframe.target.TargetUri;

/** Tell what is in an image. Immutable. */
public final class InspectRequest extends Request {
  private final TargetUri image;

  private InspectRequest(Builder builder) {
    super(builder);
    image = builder.image;
  }

  /** Starts a request. */
  public static Builder builder(TargetUri image) {
    return new Builder(image);
  }

  /** The image to read. */
  public TargetUri image() {
    return image;
  }

  /** Collects a request. Not thread-safe. */
  public static final class Builder extends Request.Builder<Builder> {
    private final TargetUri image;

    private Builder(TargetUri image) {
      this.image = Objects.requireNonNull(image, "image");
    }

    @Override
    Builder self() {
      return this;
    }

    /** Makes the request. */
    public InspectRequest build() {
      return new InspectRequest(this);
    }
  }
}
