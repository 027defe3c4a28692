/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Measures what storage backends reach on a storage. */
package org.stillframe.benchmark;
