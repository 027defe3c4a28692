/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.Objects;
import java.util.Optional;
import org.stillframe.spi.Capability;
import org.stillframe.target.TargetUri;

/** What the requests that make an image have in common. Immutable. */
public abstract class StoringRequest extends Request {
  private final TargetUri target;
  private final boolean replace;
  private final Optional<Layout> layout;

  StoringRequest(Builder<?> builder) {
    super(builder);
    target = builder.target;
    replace = builder.replace;
    boolean mapped = capabilities().contains(Capability.DIRECT_MAPPED);
    layout = mapped ? Optional.of(Layout.MAPPED) : builder.layout;
    if (mapped && builder.layout.filter(Layout.STREAM::equals).isPresent()) {
      throw new IllegalArgumentException(
          Capability.DIRECT_MAPPED + " asks for the layout mapped, not " + Layout.STREAM);
    }
  }

  /** Where the image is made. */
  public TargetUri target() {
    return target;
  }

  /** Whether an image that is there may be replaced. */
  public boolean replace() {
    return replace;
  }

  /**
   * How RAM is to lie in the image: mapped where direct-mapped was asked for. Empty where nothing
   * was asked for: mapped in files and block devices then, and a stream where there are no
   * positions. The report says which it was.
   */
  public Optional<Layout> layout() {
    return layout;
  }

  /** Collects a request. Not thread-safe. */
  public abstract static class Builder<B extends Builder<B>> extends Request.Builder<B> {
    private final TargetUri target;
    private boolean replace;
    private Optional<Layout> layout = Optional.empty();

    Builder(TargetUri target) {
      this.target = Objects.requireNonNull(target, "target");
    }

    /** Sets {@link StoringRequest#replace()}. */
    public B replace(boolean value) {
      replace = value;
      return self();
    }

    /** Sets {@link StoringRequest#layout()}. */
    public B layout(Layout value) {
      layout = Optional.of(value);
      return self();
    }
  }
}
