/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

/** What a receive did: the image that was made of the stream. */
public record ReceiveReport(StoredImage image) {}
