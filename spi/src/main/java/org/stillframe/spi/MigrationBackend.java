/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi;

import java.io.IOException;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A way to store images: the interface that a backend implements and declares in {@code
 * META-INF/services/org.stillframe.spi.MigrationBackend}.
 *
 * <ul>
 *   <li>It has a public constructor without parameters, which does nothing: no native library is
 *       loaded, no file touched, before {@link #appraise} or {@link #open}.
 *   <li>It never falls back silently: what it cannot do, it refuses, with the reason.
 *   <li>While it is made, says what it is, appraises and opens, the context class loader of the
 *       thread is that of its class; not on the threads that move data.
 *   <li>It is thread-safe. What it opens need not be; see there.
 * </ul>
 */
public interface MigrationBackend {
  /** The version of this interface. A backend returns it from {@link #spiVersion()}. */
  int SPI_VERSION = 1;

  /**
   * The name it is chosen by: a small letter, then small letters, digits and hyphens; 32 characters
   * at most. Stable, and unique among the backends of an installation.
   */
  String name();

  /** {@link #SPI_VERSION} as it was when the backend was compiled. */
  int spiVersion();

  /**
   * Says whether and how well this backend can serve a target. Never throws for a target that it
   * does not like, and changes nothing.
   *
   * @param target what is known of the target; it may not be open yet
   * @param wanted what is asked for; a backend refuses if it cannot grant one of them
   */
  Appraisal appraise(Target target, Set<Capability> wanted);

  /**
   * The highest rank that {@link #appraise} ever answers, if that is known without a look at a
   * target. It need not be told. A backend is left unasked, with all that it would load for an
   * answer, where another has accepted with a higher one.
   *
   * @return 0 to 100; empty if it is not told
   */
  default OptionalInt highestRank() {
    return OptionalInt.empty();
  }

  /**
   * Opens a target that this backend has accepted.
   *
   * @param target with an open {@link Target#descriptor()} (pure Java reaches it as {@code
   *     /proc/self/fd/N}), which stays the caller's to close and stays open until the state file is
   *     closed; nothing but positional transfers is done on it where it is seekable, and its flags
   *     stay as they are, except where a backend says that it has no other way
   * @param wanted what must be granted
   * @throws IllegalArgumentException if the target has no descriptor
   * @throws IOException if it cannot be opened so, or is one that {@link #appraise} refuses;
   *     nothing is left open then
   */
  StateFile open(Target target, OpenMode mode, Set<Capability> wanted) throws IOException;
}
