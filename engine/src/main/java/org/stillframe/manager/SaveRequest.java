/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.stillframe.guest.GuestConnector;
import org.stillframe.guest.Pace;
import org.stillframe.guest.Qmp;
import org.stillframe.target.TargetUri;

/** Save a guest. Immutable. */
public final class SaveRequest extends StoringRequest {
  private final Qmp guest;
  private final Route route;
  private final int channels;
  private final AfterSave afterwards;
  private final Pace pace;
  private final Duration connectTimeout;

  private SaveRequest(Builder builder) {
    super(builder);
    guest = builder.guest;
    route = builder.route;
    channels = builder.channels;
    afterwards = builder.afterwards;
    pace = new Pace(builder.maxBandwidth, builder.downtimeLimit);
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

  /** As of every request; but mapped where a route was asked for that makes nothing else. */
  @Override
  public Optional<Layout> layout() {
    boolean mapped = route == Route.MULTIFD || route == Route.NATIVE;
    return super.layout().or(() -> mapped ? Optional.of(Layout.MAPPED) : Optional.empty());
  }

  /** How RAM gets from QEMU to the image. */
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

  /** What becomes of the guest after a good save. */
  public AfterSave afterwards() {
    return afterwards;
  }

  /** Bytes per second that QEMU may send, or 0 for no limit. */
  public long maxBandwidth() {
    return pace.maxBandwidth();
  }

  /**
   * How long the guest may stand still if it runs while it is saved; empty if it is stopped first.
   */
  public Optional<Duration> downtimeLimit() {
    return pace.downtimeLimit();
  }

  Pace pace() {
    return pace;
  }

  /** How long the monitor may take to answer at first. */
  public Duration connectTimeout() {
    return connectTimeout;
  }

  /** Collects a request. Not thread-safe. */
  public static final class Builder extends StoringRequest.Builder<Builder> {
    private final Qmp guest;
    private Route route = Route.AUTO;
    private int channels;
    private AfterSave afterwards = AfterSave.LEAVE;
    private long maxBandwidth;
    private Optional<Duration> downtimeLimit = Optional.empty();
    private Duration connectTimeout = GuestConnector.DEFAULT_TIMEOUT;

    private Builder(Qmp guest, TargetUri target) {
      super(target);
      this.guest = Objects.requireNonNull(guest, "guest");
    }

    @Override
    Builder self() {
      return this;
    }

    /** Sets {@link SaveRequest#route()}. */
    public Builder route(Route value) {
      route = Objects.requireNonNull(value, "route");
      return this;
    }

    /** Sets {@link SaveRequest#channels()}: 1 to 255. */
    public Builder channels(int value) {
      if (value < 1 || value > 255) {
        throw new IllegalArgumentException("a number of channels not from 1 to 255: " + value);
      }
      channels = value;
      return this;
    }

    /** Sets {@link SaveRequest#afterwards()}. */
    public Builder afterwards(AfterSave value) {
      afterwards = Objects.requireNonNull(value, "afterwards");
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

    /**
     * Lets the guest run while its RAM is saved, and stops it for the rest. QEMU saves again what
     * the guest writes meanwhile, and slows it down if it writes faster than that.
     *
     * @param downtimeLimit how long the guest may stand still while QEMU saves the rest, 1 ms to
     *     2000 s; the image is made durable after that
     */
    public Builder live(Duration downtimeLimit) {
      this.downtimeLimit = new Pace(0, Optional.of(downtimeLimit)).downtimeLimit();
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
