/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import org.stillframe.error.StillframeException;

/** Settings that hold until {@link #close}. Used by the thread that uses their {@link Guest}. */
public interface SettingsScope extends AutoCloseable {
  /**
   * Puts back what was found, also in an interrupted thread. Must come before {@link Guest#quit}
   * and {@link Guest#close}. A second call does nothing.
   *
   * <p>After another failure, add what this throws to that one as suppressed: it must not take its
   * place. try-with-resources does so.
   *
   * @throws org.stillframe.error.GuestException GUEST if a setting could not be put back; the
   *     message lists those that are not as they were found
   */
  @Override
  void close() throws StillframeException;
}
