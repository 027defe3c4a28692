/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.target;

import org.stillframe.error.StorageException;

/**
 * An image in the making. Until {@link #publish} returns, whatever was at the target before is as
 * it was, where the target is a path to a regular file. Used by one thread at a time.
 */
public interface Publication extends OpenTarget {
  /**
   * Lets the image take its place, atomically and durably. Its bytes must have been synced before.
   *
   * @throws StorageException if it cannot; the older image is then still there, unless the message
   *     says otherwise
   */
  void publish() throws StorageException;
}
