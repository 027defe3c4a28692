/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.time.Duration;
import java.util.Objects;
import org.stillframe.guest.GuestConnector;
import org.stillframe.guest.Qmp;
import org.stillframe.target.TargetUri;

/** Save a guest. Immutable. */
public final class SaveRequest extends Request {
  private final Qmp guest;
  private final TargetUri target;
  private final Layout layout;
  private final Route route;
  private final AfterSave afterwards;
  private final boolean replace;
  private final long maxBandwidth;
  private final Duration connectTimeout;

  private SaveRequest(Builder builder) {
    super(builder);
    guest = builder.guest;
    target = builder.target;
    layout = builder.layout;
    route = builder.route;
    afterwards = builder.afterwards;
    replace = builder.replace;
    maxBandwidth = builder.maxBandwidth;
    connectTimeout = builder.connectTimeout;
  }

  /** Starts a request. */
  public static Builder builder(Qmp guest, TargetUri target) {
    return new Builder(guest, target);
  }

  /** The monitor of the QEMU whose guest is saved. */
  public Qmp guest() {
    return guest;
  }

  /** Where the image is made. */
  public TargetUri target() {
    return target;
  }

  /** How RAM lies in the image. */
  public Layout layout() {
    return layout;
  }

  /** How RAM gets from QEMU to the image. */
  public Route route() {
    return route;
  }

  /** What becomes of the guest after a good save. */
  public AfterSave afterwards() {
    return afterwards;
  }

  /** Whether an image that is there may be replaced. */
  public boolean replace() {
    return replace;
  }

  /** Bytes per second that QEMU may send, or 0 for no limit. */
  public long maxBandwidth() {
    return maxBandwidth;
  }

  /** How long the monitor may take to answer at first. */
  public Duration connectTimeout() {
    return connectTimeout;
  }

  /** Collects a request. Not thread-safe. */
  public static final class Builder extends Request.Builder<Builder> {
    private final Qmp guest;
    private final TargetUri target;
    private Layout layout = Layout.STREAM;
    private Route route = Route.AUTO;
    private AfterSave afterwards = AfterSave.LEAVE;
    private boolean replace;
    private long maxBandwidth;
    private Duration connectTimeout = GuestConnector.DEFAULT_TIMEOUT;

    private Builder(Qmp guest, TargetUri target) {
      this.guest = Objects.requireNonNull(guest, "guest");
      this.target = Objects.requireNonNull(target, "target");
    }

    @Override
    Builder self() {
      return this;
    }

    /** Sets {@link SaveRequest#layout()}. */
    public Builder layout(Layout value) {
      layout = Objects.requireNonNull(value, "layout");
      return this;
    }

    /** Sets {@link SaveRequest#route()}. */
    public Builder route(Route value) {
      route = Objects.requireNonNull(value, "route");
      return this;
    }

    /** Sets {@link SaveRequest#afterwards()}. */
    public Builder afterwards(AfterSave value) {
      afterwards = Objects.requireNonNull(value, "afterwards");
      return this;
    }

    /** Sets {@link SaveRequest#replace()}. */
    public Builder replace(boolean value) {
      replace = value;
      return this;
    }

    /** Sets {@link SaveRequest#maxBandwidth()}. */
    public Builder maxBandwidth(long value) {
      if (value < 0) {
        throw new IllegalArgumentException("a bandwidth below 0: " + value);
      }
      maxBandwidth = value;
      return this;
    }

    /** Sets {@link SaveRequest#connectTimeout()}. */
    public Builder connectTimeout(Duration value) {
      connectTimeout = Objects.requireNonNull(value, "connectTimeout");
      return this;
    }

    /** Makes the request. */
    public SaveRequest build() {
      return new SaveRequest(this);
    }
  }
}
