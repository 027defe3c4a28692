/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.Objects;
import java.util.Optional;
import org.stillframe.spi.Capability;
import org.stillframe.target.TargetUri;

/**
 * Make an image of another, without a guest. A backend that is asked for serves the new image, and
 * {@link #sourceBackend} the other; {@link Capability#BYPASS_CACHE} is asked of both. Immutable.
 */
public final class ConvertRequest extends StoringRequest {
  /**
   * One channel moves nearly what most storage can do, as it has several requests in flight; more
   * than a few only wait for each other there.
   */
  private static final int MOST_BY_DEFAULT = 4;

  private final TargetUri image;
  private final Optional<String> sourceBackend;
  private final int channels;

  private ConvertRequest(Builder builder) {
    super(builder);
    image = builder.image;
    sourceBackend = builder.sourceBackend;
    channels = builder.channels;
  }

  /** Starts a request. */
  public static Builder builder(TargetUri image, TargetUri target) {
    return new Builder(image, target);
  }

  /** The image to read. */
  public TargetUri image() {
    return image;
  }

  /** The storage backend asked for by name to read the image. */
  public Optional<String> sourceBackend() {
    return sourceBackend;
  }

  /**
   * How many threads move RAM at the most, 1 to 255: the number of processors, but 2 at the least
   * and 4 at the most, where nothing was asked for.
   */
  public int channels() {
    return channels;
  }

  /** What is asked of the image that is read. */
  InspectRequest reading() {
    InspectRequest.Builder reading = InspectRequest.builder(image).cancelToken(cancelToken());
    sourceBackend.ifPresent(reading::backend);
    if (capabilities().contains(Capability.BYPASS_CACHE)) {
      reading.capabilities(Capability.BYPASS_CACHE);
    }
    return reading.build();
  }

  /** Collects a request. Not thread-safe. */
  public static final class Builder extends StoringRequest.Builder<Builder> {
    private final TargetUri image;
    private Optional<String> sourceBackend = Optional.empty();
    private int channels =
        Math.max(2, Math.min(MOST_BY_DEFAULT, Runtime.getRuntime().availableProcessors()));

    private Builder(TargetUri image, TargetUri target) {
      super(target);
      this.image = Objects.requireNonNull(image, "image");
    }

    @Override
    Builder self() {
      return this;
    }

    /** Sets {@link ConvertRequest#sourceBackend()}; without, the best one is chosen. */
    public Builder sourceBackend(String name) {
      sourceBackend = Optional.of(name);
      return this;
    }

    /** Sets {@link ConvertRequest#channels()}: 1 to 255. */
    public Builder channels(int value) {
      if (value < 1 || value > 255) {
        throw new IllegalArgumentException("a number of channels not from 1 to 255: " + value);
      }
      channels = value;
      return this;
    }

    /** Makes the request. */
    public ConvertRequest build() {
      return new ConvertRequest(this);
    }
  }
}
