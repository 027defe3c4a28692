/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.channel;

/**
 * The buffers of one channel. It keeps as many requests in flight.
 *
 * @param count how many, 1 or more
 * @param size of each in bytes
 * @param alignment of their addresses in bytes, a power of two: the least of them, as a file may
 *     want more
 */
public record BufferShape(int count, int size, int alignment) {}
