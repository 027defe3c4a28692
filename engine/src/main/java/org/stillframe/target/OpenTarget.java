/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.target;

import org.stillframe.error.StorageException;
import org.stillframe.spi.Target;

/** A target that is open, and what is known of it. Used by one thread at a time. */
public interface OpenTarget extends AutoCloseable {
  /** The facts, with the open descriptor. */
  Target target();

  /** Lets go of it; what was being made and was not published is gone. Idempotent. */
  @Override
  void close() throws StorageException;
}
