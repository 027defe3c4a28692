/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.Objects;
import org.stillframe.target.TargetUri;

/**
 * Make an image of another, without a guest. A backend or capability that is asked for serves the
 * new image; the other is read with whatever backend is best. Immutable.
 */
public final class ConvertRequest extends StoringRequest {
  private final TargetUri image;

  private ConvertRequest(Builder builder) {
    super(builder);
    image = builder.image;
  }

  /** Starts a request. */
  public static Builder builder(TargetUri image, TargetUri target) {
    return new Builder(image, target);
  }

  /** The image to read. */
  public TargetUri image() {
    return image;
  }

  /** Collects a request. Not thread-safe. */
  public static final class Builder extends StoringRequest.Builder<Builder> {
    private final TargetUri image;

    private Builder(TargetUri image, TargetUri target) {
      super(target);
      this.image = Objects.requireNonNull(image, "image");
    }

    @Override
    Builder self() {
      return this;
    }

    /** Makes the request. */
    public ConvertRequest build() {
      return new ConvertRequest(this);
    }
  }
}
