/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.time.Duration;
import org.stillframe.stream.ImageSummary;

/** What a send did: every byte was taken by the receiver's socket. */
public record SendReport(
    String image, String backend, long bytes, Duration elapsed, ImageSummary contents) {
  /** How RAM lies in the image. */
  public Layout layout() {
    return Layout.of(contents);
  }
}
