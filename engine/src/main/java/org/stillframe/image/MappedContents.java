/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import org.stillframe.spi.StateFile;
import org.stillframe.stream.MappedImage;

/**
 * A mapped image that is open and was looked at, so that several channels can read it at once.
 *
 * @param name what messages call it
 * @param file where it is
 * @param image what stands where in it; its bitmaps are not to be changed
 */
record MappedContents(String name, StateFile file, MappedImage image) {}
