/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * What the author of a storage backend sees.
 *
 * <p>A backend is a {@link org.stillframe.spi.MigrationBackend} found through {@link
 * java.util.ServiceLoader}. It appraises {@link org.stillframe.spi.Target}s, opens them as {@link
 * org.stillframe.spi.StateFile}s, and moves bytes through {@link org.stillframe.spi.IoQueue}s, one
 * for each thread. Nothing here depends on anything but the JDK.
 */
package org.stillframe.spi;
