/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How QEMU is to migrate: the capabilities to be on, every other one being switched off, and the
 * values of parameters. Names are those of QAPI's MigrationCapability and MigrationParameter.
 * Immutable.
 */
public final class MigrationSettings {
  private final Map<String, Boolean> capabilities;
  private final Map<String, Parameter> parameters;

  /** A value, and whether a QEMU without this parameter is refused: Boolean, Long or String. */
  record Parameter(Object value, boolean required) {}

  private MigrationSettings(Builder builder) {
    capabilities = Collections.unmodifiableMap(new LinkedHashMap<>(builder.capabilities));
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(builder.parameters));
  }

  /** Starts with every capability off and no parameter touched. */
  public static Builder builder() {
    return new Builder();
  }

  /** For a plain stream of a guest. */
  public static MigrationSettings stream(Pace pace) {
    return save(pace)
        // Since 9.0. The other way needs multifd.
        .parameter("zero-page-detection", "legacy")
        .build();
  }

  /**
   * For a guest in several channels.
   *
   * @param channels 1 to 255, beside the main one
   */
  public static MigrationSettings multifd(int channels, Pace pace) {
    // How fast it comes is for who receives it: a QEMU that is let go on for nothing is to be
    // quick.
    return channels(save(new Pace(0, pace.downtimeLimit())), channels)
        // Since 9.0. The other way QEMU wakes a channel for every 128 zero pages, and a guest that
        // uses little of its RAM took a third longer.
        .parameter("zero-page-detection", "legacy")
        .build();
  }

  /**
   * For a guest that QEMU writes into a file itself.
   *
   * @param channels 1 to 255: threads that write
   * @param direct whether they bypass the page cache
   */
  public static MigrationSettings saveMapped(int channels, boolean direct, Pace pace) {
    return mapped(save(pace), channels, direct)
        // Since 9.0. Each channel looks for zero pages itself.
        .parameter("zero-page-detection", "multifd")
        .build();
  }

  /**
   * For loading a file of the layout mapped that QEMU reads itself.
   *
   * @param channels 1 to 255: threads that read
   * @param direct whether they bypass the page cache
   */
  public static MigrationSettings loadMapped(int channels, boolean direct) {
    return mapped(plain(), channels, direct).build();
  }

  private static Builder mapped(Builder builder, int channels, boolean direct) {
    builder
        .capability("mapped-ram")
        // Without it each page is a write of its own, and direct-io has no effect.
        .capability("multifd")
        // QEMU answers no command while it writes or reads: its events alone tell of the end.
        .capability("events")
        .requiredParameter("multifd-channels", channels)
        .requiredParameter("multifd-compression", "none");
    return direct ? builder.requiredParameter("direct-io", true) : builder;
  }

  private static Builder save(Pace pace) {
    Builder builder = plain();
    if (pace.downtimeLimit().isPresent()) {
      // QEMU slows a guest down that writes faster than is saved: a save that never ends is worse.
      builder.optionalCapability("auto-converge");
    }
    return builder
        .requiredParameter("max-bandwidth", pace.maxBandwidth())
        .requiredParameter("downtime-limit", pace.downtimeMillis())
        // Since 8.2. A value would take the place of the measured bandwidth and delay the end.
        .parameter("avail-switchover-bandwidth", 0);
  }

  /** For loading a plain stream; in most QEMUs that wait all of it is so already. */
  public static MigrationSettings load() {
    return quiet().build();
  }

  /**
   * For loading from several channels.
   *
   * @param channels 1 to 255, beside the main one
   */
  public static MigrationSettings loadMultifd(int channels) {
    return channels(plain(), channels).build();
  }

  private static Builder channels(Builder builder, int channels) {
    return builder
        .capability("multifd")
        .requiredParameter("multifd-channels", channels)
        .requiredParameter("multifd-compression", "none");
  }

  private static Builder plain() {
    return quiet().optionalCapability("events");
  }

  private static Builder quiet() {
    return builder()
        // Empty means no TLS, for which neither a file nor a socket of ours has an other end.
        .parameter("tls-creds", "")
        // Since 9.1.
        .parameter("direct-io", false)
        // Since 8.2.
        .parameter("mode", "normal");
  }

  /** The capabilities to be on, each with whether a QEMU without it is refused. */
  Map<String, Boolean> capabilities() {
    return capabilities;
  }

  Map<String, Parameter> parameters() {
    return parameters;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MigrationSettings
        && capabilities.equals(((MigrationSettings) other).capabilities)
        && parameters.equals(((MigrationSettings) other).parameters);
  }

  @Override
  public int hashCode() {
    return Objects.hash(capabilities, parameters);
  }

  /** For messages and logs. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("capabilities " + capabilities.keySet());
    parameters.forEach((name, p) -> text.append(' ').append(name).append('=').append(p.value()));
    return text.toString();
  }

  /** Collects settings; a later value of the same name takes the place of an earlier one. */
  public static final class Builder {
    private final Map<String, Boolean> capabilities = new LinkedHashMap<>();
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();

    private Builder() {}

    /** On; a QEMU without it is refused. */
    public Builder capability(String name) {
      capabilities.put(name, true);
      return this;
    }

    /** On, if this QEMU has it. */
    public Builder optionalCapability(String name) {
      capabilities.put(name, false);
      return this;
    }

    /** Set, if this QEMU has it. */
    public Builder parameter(String name, boolean value) {
      return put(name, value, false);
    }

    /** Set, if this QEMU has it. */
    public Builder parameter(String name, long value) {
      return put(name, value, false);
    }

    /** Set, if this QEMU has it. */
    public Builder parameter(String name, String value) {
      return put(name, value, false);
    }

    /** Set; a QEMU without it is refused. */
    public Builder requiredParameter(String name, boolean value) {
      return put(name, value, true);
    }

    /** Set; a QEMU without it is refused. */
    public Builder requiredParameter(String name, long value) {
      return put(name, value, true);
    }

    /** Set; a QEMU without it is refused. */
    public Builder requiredParameter(String name, String value) {
      return put(name, value, true);
    }

    private Builder put(String name, Object value, boolean required) {
      parameters.put(name, new Parameter(Objects.requireNonNull(value, name), required));
      return this;
    }

    /** The settings as they are now. */
    public MigrationSettings build() {
      return new MigrationSettings(this);
    }
  }
}
