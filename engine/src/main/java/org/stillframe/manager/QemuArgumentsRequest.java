/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.Objects;
import org.stillframe.target.TargetUri;

/** Tell what a QEMU is to be started with to take the guest of an image. Immutable. */
public final class QemuArgumentsRequest extends Request {
  private final TargetUri image;
  private final RestoreMode mode;

  private QemuArgumentsRequest(Builder builder) {
    super(builder);
    image = builder.image;
    mode = builder.mode;
  }

  /** Starts a request. */
  public static Builder builder(TargetUri image) {
    return new Builder(image);
  }

  /**
   * The image to restore from. A path if {@link #mode()} is INSTANT, as QEMU opens it then. Of a
   * pipe as much is taken as tells, and its reader gets no whole image any more.
   */
  public TargetUri image() {
    return image;
  }

  /** How it will be restored. */
  public RestoreMode mode() {
    return mode;
  }

  /** Collects a request. Not thread-safe. */
  public static final class Builder extends Request.Builder<Builder> {
    private final TargetUri image;
    private RestoreMode mode = RestoreMode.EAGER;

    private Builder(TargetUri image) {
      this.image = Objects.requireNonNull(image, "image");
    }

    @Override
    Builder self() {
      return this;
    }

    /** Sets {@link QemuArgumentsRequest#mode()}; EAGER if not called. */
    public Builder mode(RestoreMode value) {
      mode = Objects.requireNonNull(value, "mode");
      return this;
    }

    /** Makes the request. */
    public QemuArgumentsRequest build() {
      return new QemuArgumentsRequest(this);
    }
  }
}
