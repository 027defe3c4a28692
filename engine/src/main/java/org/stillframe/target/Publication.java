/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.target;

import org.stillframe.error.StillframeException;

/**
 * An image in the making. Until {@link #publish} returns, whatever was at the target before is as
 * it was, where the target is a path to a regular file. Closing it frees what was replaced, or
 * removes what was begun, which storage may take its time for. Used by one thread at a time.
 */
public interface Publication extends OpenTarget {
  /**
   * Whether the bytes go straight to where an older image may be: a descriptor or a device. Such an
   * image is given its first bytes last.
   */
  boolean inPlace();

  /**
   * Lets the image take its place, atomically and durably. Its bytes must have been synced before.
   *
   * @throws StillframeException if it cannot; the older image is then still there, unless the
   *     message says otherwise; TARGET_EXISTS if somebody else has made one meanwhile
   */
  void publish() throws StillframeException;
}
