/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Layouts of images: their writers and readers. */
package org.stillframe.image;
