/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.benchmark;

/**
 * One thing to measure.
 *
 * @param backend the storage backend, by name
 * @param bypassCache whether the backend is asked to bypass the host's page cache
 * @param blockSize of each request in bytes
 * @param depth how many requests each queue keeps in flight
 * @param queues how many queues, each with a thread of its own
 */
public record Setting(
    String backend,
    boolean bypassCache,
    Operation operation,
    int blockSize,
    int depth,
    int queues) {}
