/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Channels: threads that move RAM, each with a queue and buffers of its own; their scheduler,
 * progress and cancellation.
 */
package org.stillframe.channel;
