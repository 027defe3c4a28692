/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.time.Duration;
import org.stillframe.stream.ImageSummary;

/**
 * An image that was made, is durable, and has taken its place.
 *
 * @param target its name
 * @param backend the storage backend, by name
 * @param backendReason why that backend
 * @param bytes its length
 * @param transfer how long the bytes took to arrive and be handed to the storage
 * @param sync how long it took to make them durable and to publish the image
 * @param contents what the stream held
 */
public record StoredImage(
    String target,
    Layout layout,
    String backend,
    String backendReason,
    long bytes,
    Duration transfer,
    Duration sync,
    ImageSummary contents) {}
