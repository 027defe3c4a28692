/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.List;
import java.util.Objects;
import org.stillframe.benchmark.BenchmarkPlan;
import org.stillframe.target.TargetUri;

/**
 * Measure what the storage backends reach. Each backend is measured through the page cache and
 * around it, as far as it accepts the target so; {@link Builder#buffered} leaves the second out,
 * and {@link org.stillframe.spi.Capability#BYPASS_CACHE} the first. Immutable.
 */
public final class BenchmarkRequest extends Request {
  private final TargetUri target;
  private final BenchmarkPlan plan;
  private final List<String> backends;
  private final boolean buffered;

  private BenchmarkRequest(Builder builder) {
    super(builder);
    target = builder.target;
    plan = builder.plan;
    backends =
        builder.backends.isEmpty() ? backend().map(List::of).orElse(List.of()) : builder.backends;
    buffered = builder.buffered;
  }

  /**
   * Starts a request.
   *
   * @param target a path that is free; its file is there while the benchmark runs, with the suffix
   *     {@code .partial}
   */
  public static Builder builder(TargetUri target, BenchmarkPlan plan) {
    return new Builder(target, plan);
  }

  /** Where the file is made. */
  public TargetUri target() {
    return target;
  }

  /** What is measured with each backend. */
  public BenchmarkPlan plan() {
    return plan;
  }

  /** The backends that are measured, by name; empty for all that offer themselves. */
  public List<String> backends() {
    return backends;
  }

  /** Whether nothing is measured that bypasses the page cache. */
  public boolean buffered() {
    return buffered;
  }

  /** Collects a request. Not thread-safe. */
  public static final class Builder extends Request.Builder<Builder> {
    private final TargetUri target;
    private final BenchmarkPlan plan;
    private List<String> backends = List.of();
    private boolean buffered;

    private Builder(TargetUri target, BenchmarkPlan plan) {
      this.target = Objects.requireNonNull(target, "target");
      this.plan = Objects.requireNonNull(plan, "plan");
    }

    @Override
    Builder self() {
      return this;
    }

    /** Measures these backends instead of all that offer themselves. */
    public Builder backends(List<String> names) {
      backends = List.copyOf(names);
      return this;
    }

    /** Leaves out what bypasses the page cache. */
    public Builder buffered(boolean value) {
      buffered = value;
      return this;
    }

    /** Makes the request. */
    public BenchmarkRequest build() {
      return new BenchmarkRequest(this);
    }
  }
}
