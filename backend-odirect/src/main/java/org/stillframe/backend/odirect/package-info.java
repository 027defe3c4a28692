/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The backend {@code odirect}: pread and pwrite that bypass the page cache. */
package org.stillframe.backend.odirect;
