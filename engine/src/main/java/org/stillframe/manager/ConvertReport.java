/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

/**
 * What a conversion did.
 *
 * @param source the image that was read
 * @param sourceLayout its layout
 * @param image the image that was made
 */
public record ConvertReport(String source, Layout sourceLayout, StoredImage image) {}
