/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

/** How progress is shown. */
enum ProgressMode {
  /** A bar on a terminal, lines elsewhere. */
  AUTO,
  /** Lines. */
  PLAIN,
  /** Not at all. */
  NONE
}
