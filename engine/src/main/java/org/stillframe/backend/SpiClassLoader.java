/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend;

import org.stillframe.spi.MigrationBackend;

/**
 * What a plugin sees besides its own jars: the JDK and the spi. Not the application: neither its
 * classes, whose versions a plugin need not share, nor its service files, which would be found
 * again in each plugin.
 */
final class SpiClassLoader extends ClassLoader {
  private static final String SPI = MigrationBackend.class.getPackageName() + ".";

  static {
    registerAsParallelCapable();
  }

  SpiClassLoader() {
    super("spi", ClassLoader.getPlatformClassLoader());
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (name.startsWith(SPI)) {
      // The very classes that the engine uses: an instance of a copy would be no backend to it.
      return Class.forName(name, false, MigrationBackend.class.getClassLoader());
    }
    throw new ClassNotFoundException(name);
  }
}
