/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The backend {@code posix}: buffered pread and pwrite, and plain reads and writes of pipes. */
package org.stillframe.backend.posix;
