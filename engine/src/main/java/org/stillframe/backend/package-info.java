/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Which storage backends there are, and which one serves a target. */
package org.stillframe.backend;
