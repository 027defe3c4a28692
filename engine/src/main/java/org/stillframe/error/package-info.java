/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** What can go wrong, in one checked hierarchy with stable codes. */
package org.stillframe.error;
