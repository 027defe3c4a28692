/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.stillframe.guest.Qmp;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the path of a monitor's socket. */
final class QmpSocket implements ITypeConverter<Qmp> {
  @Override
  public Qmp convert(String text) {
    // QEMU's own -qmp, --listen and our messages write it so.
    String path = text.startsWith("unix:") ? text.substring("unix:".length()) : text;
    if (path.isEmpty()) {
      throw new TypeConversionException("the path of a socket is not empty");
    }
    try {
      return Qmp.at(Path.of(path));
    } catch (InvalidPathException e) {
      throw new TypeConversionException("'" + text + "' is no path: " + e.getReason());
    }
  }
}
