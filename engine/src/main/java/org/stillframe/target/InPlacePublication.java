/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.target;

import org.stillframe.error.StorageException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.Target;
import org.stillframe.system.Descriptor;

/**
 * A target that is used where it is: a descriptor, a block device, or an image that is read. It has
 * no second name to be renamed from, so publishing has nothing left to do.
 */
final class InPlacePublication implements Publication {
  private final Descriptor descriptor;
  private final Target target;

  InPlacePublication(Descriptor descriptor, Target target) {
    this.descriptor = descriptor;
    this.target = target;
  }

  @Override
  public Target target() {
    return target;
  }

  @Override
  public boolean inPlace() {
    return true;
  }

  @Override
  public void publish() {}

  @Override
  public void close() throws StorageException {
    try {
      descriptor.close();
    } catch (SystemCallException e) {
      throw SystemTargets.storage(target.name(), e, "");
    }
  }
}
