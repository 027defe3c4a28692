/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.util.Optional;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.system.SystemCalls;

/** Tells whether the memory of a QEMU can be reached. Thread-safe. */
public final class MemoryReach {
  private final SystemCalls system;

  /** Tries it with these. */
  public MemoryReach(SystemCalls system) {
    this.system = system;
  }

  /** What is in the way; empty if nothing is. */
  public Optional<String> obstacle(Guest guest) throws StillframeException {
    try {
      GuestMemory.find(system, guest);
      return Optional.empty();
    } catch (RequestException e) {
      return Optional.of(e.why());
    }
  }
}
