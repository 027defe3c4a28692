/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.util.List;

/**
 * What a mapped file holds, and where.
 *
 * @param sectionId the id of RAM's section
 * @param blocks the blocks, in the order of their list, with the marks of their pages
 * @param summary of all of it
 */
public record MappedImage(long sectionId, List<MappedBlock> blocks, ImageSummary summary) {
  /** Copies the list. */
  public MappedImage {
    blocks = List.copyOf(blocks);
  }
}
