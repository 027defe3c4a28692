/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.stillframe.channel.CancelToken;
import org.stillframe.spi.Capability;

/** What all requests have in common. Immutable. */
public abstract class Request {
  private final Optional<String> backend;
  private final Set<Capability> capabilities;
  private final Optional<Duration> deadline;
  private final CancelToken cancelToken;

  Request(Builder<?> builder) {
    backend = builder.backend;
    // An EnumSet keeps the order in which messages name them.
    capabilities = Collections.unmodifiableSet(EnumSet.copyOf(builder.capabilities));
    deadline = builder.deadline;
    cancelToken = builder.cancelToken;
  }

  /** The storage backend asked for by name. */
  public Optional<String> backend() {
    return backend;
  }

  /** What is asked of the target beyond storing bytes. */
  public Set<Capability> capabilities() {
    return capabilities;
  }

  /** How long all of it may take. */
  public Optional<Duration> deadline() {
    return deadline;
  }

  /** Cancels this request alone. */
  public CancelToken cancelToken() {
    return cancelToken;
  }

  /** Collects a request. Not thread-safe. */
  public abstract static class Builder<B extends Builder<B>> {
    private Optional<String> backend = Optional.empty();
    private final EnumSet<Capability> capabilities = EnumSet.noneOf(Capability.class);
    private Optional<Duration> deadline = Optional.empty();
    private CancelToken cancelToken = new CancelToken();

    Builder() {}

    abstract B self();

    /** Forces a storage backend by its name; without, the best one is chosen. */
    public B backend(String name) {
      backend = Optional.of(name);
      return self();
    }

    /** Asks for capabilities; what cannot grant them is refused, never ignored. */
    public B capabilities(Capability... wanted) {
      Collections.addAll(capabilities, wanted);
      return self();
    }

    /** Limits how long all of it may take; after that it is cleaned up and fails. */
    public B deadline(Duration limit) {
      deadline = Optional.of(limit);
      return self();
    }

    /** Lets this token cancel the request, from any thread. */
    public B cancelToken(CancelToken token) {
      cancelToken = Objects.requireNonNull(token, "token");
      return self();
    }
  }
}
