/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Wiring for Guice. */
package org.stillframe.guice;
