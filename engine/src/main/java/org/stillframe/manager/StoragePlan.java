/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.stillframe.backend.BackendChoice;
import org.stillframe.backend.BackendSelector;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.spi.Capability;
import org.stillframe.spi.Target;

/**
 * How an image is stored at a target.
 *
 * @param layout what was asked for, or else what the target allows
 * @param wanted what the backend must grant: what was asked for, and what the layout needs
 */
record StoragePlan(Layout layout, Set<Capability> wanted, BackendChoice choice) {
  /**
   * Plans.
   *
   * @throws RequestException UNSUPPORTED if the target or every backend refuses
   */
  static StoragePlan of(StoringRequest request, Target target, BackendSelector selector)
      throws RequestException {
    boolean positions = target.kind().seekable();
    Layout layout = request.layout().orElse(positions ? Layout.MAPPED : Layout.STREAM);
    Set<Capability> wanted = EnumSet.noneOf(Capability.class);
    wanted.addAll(request.capabilities());
    if (layout == Layout.MAPPED) {
      requirePositions(target);
      wanted.add(Capability.DIRECT_MAPPED);
    }
    try {
      BackendChoice choice = selector.select(target, wanted, request.backend());
      return new StoragePlan(layout, Collections.unmodifiableSet(wanted), choice);
    } catch (RequestException e) {
      if (layout == Layout.MAPPED && request.layout().isEmpty()) {
        // Whoever asked for no layout is not to be told of direct-mapped, unless that alone fails.
        selector.select(target, request.capabilities(), request.backend());
        throw new RequestException(
            e.code(),
            e.what(),
            e.why(),
            "ask for the layout stream, or choose another target or backend",
            e);
      }
      throw e;
    }
  }

  private static void requirePositions(Target target) throws RequestException {
    if (!target.kind().seekable()) {
      throw new RequestException(
          ErrorCode.UNSUPPORTED,
          target.name(),
          "a "
              + target.kind().label()
              + " has no positions, and the layout mapped ("
              + Capability.DIRECT_MAPPED
              + ") writes RAM to fixed ones",
          "use the layout stream, or store into a file or a block device");
    }
  }
}
