/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import org.stillframe.stream.ImageSummary;

/** What is in an image. */
public record ImageDescription(String image, Layout layout, ImageSummary contents) {}
