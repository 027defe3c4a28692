/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The command {@code stillframe}. */
package org.stillframe.cli;
