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

/** Restore a guest. Immutable. */
public final class RestoreRequest extends Request {
  private final Qmp guest;
  private final TargetUri image;
  private final RestoreMode mode;
  private final Route route;
  private final int channels;
  private final AfterRestore afterwards;
  private final Duration connectTimeout;

  private RestoreRequest(Builder builder) {
    super(builder);
    guest = builder.guest;
    image = builder.image;
    mode = builder.mode;
    route = builder.route;
    channels = builder.channels;
    afterwards = builder.afterwards;
    connectTimeout = builder.connectTimeout;
  }

  /** Starts a request. */
  public static Builder builder(Qmp guest, TargetUri image) {
    return new Builder(guest, image);
  }

  /** The monitor of a QEMU started with {@code -incoming defer}. */
  public Qmp guest() {
    return guest;
  }

  /** The image to restore from. */
  public TargetUri image() {
    return image;
  }

  /** When main memory is read from the image. */
  public RestoreMode mode() {
    return mode;
  }

  /** How RAM gets from the image to QEMU. */
  public Route route() {
    return route;
  }

  /** How many threads move RAM, 1 to 255; 0 where nothing was asked for. */
  public int channels() {
    return channels;
  }

  /** How many threads there are to be; QEMU's own number where nothing was asked for. */
  int effectiveChannels() {
    return channels == 0 ? 2 : channels;
  }

  /** What becomes of the guest once it is loaded. */
  public AfterRestore afterwards() {
    return afterwards;
  }

  /** How long the monitor may take to answer at first. */
  public Duration connectTimeout() {
    return connectTimeout;
  }

  /** Collects a request. Not thread-safe. */
  public static final class Builder extends Request.Builder<Builder> {
    private final Qmp guest;
    private final TargetUri image;
    private RestoreMode mode = RestoreMode.EAGER;
    private Route route = Route.AUTO;
    private int channels;
    private AfterRestore afterwards = AfterRestore.AS_SAVED;
    private Duration connectTimeout = GuestConnector.DEFAULT_TIMEOUT;

    private Builder(Qmp guest, TargetUri image) {
      this.guest = Objects.requireNonNull(guest, "guest");
      this.image = Objects.requireNonNull(image, "image");
    }

    @Override
    Builder self() {
      return this;
    }

    /** Sets {@link RestoreRequest#mode()}; EAGER if not called. */
    public Builder mode(RestoreMode value) {
      mode = Objects.requireNonNull(value, "mode");
      return this;
    }

    /** Sets {@link RestoreRequest#route()}. */
    public Builder route(Route value) {
      route = Objects.requireNonNull(value, "route");
      return this;
    }

    /** Sets {@link RestoreRequest#channels()}: 1 to 255. */
    public Builder channels(int value) {
      if (value < 1 || value > 255) {
        throw new IllegalArgumentException("a number of channels not from 1 to 255: " + value);
      }
      channels = value;
      return this;
    }

    /** Sets {@link RestoreRequest#afterwards()}. */
    public Builder afterwards(AfterRestore value) {
      afterwards = Objects.requireNonNull(value, "afterwards");
      return this;
    }

    /** Sets {@link RestoreRequest#connectTimeout()}. */
    public Builder connectTimeout(Duration value) {
      connectTimeout = Objects.requireNonNull(value, "connectTimeout");
      return this;
    }

    /** Makes the request. */
    public RestoreRequest build() {
      return new RestoreRequest(this);
    }
  }
}
