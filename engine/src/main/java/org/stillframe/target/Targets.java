/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.target;

import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.Target;

/** Opens targets and images by their names. Thread-safe; what it opens is not. */
public interface Targets {
  /**
   * Looks at a target without opening it for use: for a path that does not exist yet, at the
   * directory that would hold it. What can be no image by its kind is refused.
   *
   * @return the facts, without a descriptor
   */
  Target probe(TargetUri uri) throws StillframeException;

  /**
   * Begins an image.
   *
   * @param replace whether an image that is there may be replaced
   * @throws RequestException TARGET_EXISTS if it is there and was not to be replaced
   */
  Publication create(TargetUri uri, boolean replace) throws StillframeException;

  /** Opens an image to read it. */
  OpenTarget open(TargetUri uri) throws StillframeException;
}
