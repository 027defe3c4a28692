/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.stillframe.spi.Capability;
import org.stillframe.target.TargetUri;

/** What the requests that make an image have in common. Immutable. */
public abstract class StoringRequest extends Request {
  private final TargetUri target;
  private final boolean replace;
  private final Layout layout;

  StoringRequest(Builder<?> builder) {
    super(builder);
    target = builder.target;
    replace = builder.replace;
    boolean mapped = capabilities().contains(Capability.DIRECT_MAPPED);
    layout = builder.layout.orElse(mapped ? Layout.MAPPED : Layout.STREAM);
    if (mapped && layout != Layout.MAPPED) {
      throw new IllegalArgumentException(
          Capability.DIRECT_MAPPED + " asks for the layout mapped, not " + layout);
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

  /** How RAM lies in the image: mapped where that or direct-mapped was asked for. */
  public Layout layout() {
    return layout;
  }

  /** What the storage backend must grant: what was asked for, and what the layout needs. */
  Set<Capability> backendCapabilities() {
    EnumSet<Capability> all = EnumSet.noneOf(Capability.class);
    all.addAll(capabilities());
    if (layout == Layout.MAPPED) {
      all.add(Capability.DIRECT_MAPPED);
    }
    return all;
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
