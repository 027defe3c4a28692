/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ServiceConfigurationError;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.spi.MigrationBackend;

/** Says what is wrong with an installed backend, where it is installed, and what to do. */
final class BackendFaults {
  private BackendFaults() {}

  static RequestException refused(String what, String why, String remedy, Throwable cause) {
    return new RequestException(ErrorCode.UNSUPPORTED, what, why, remedy, cause);
  }

  /**
   * Code of a backend has thrown what it should not.
   *
   * @param why what it failed to do; its own words follow
   */
  static RequestException thrown(String what, String why, Throwable thrown) {
    Throwable cause = reason(thrown);
    return refused(what, why + ": " + cause, remedy(cause), thrown);
  }

  /** The backend, by its name if it can still say it, and the jar that it came from. */
  static String describe(MigrationBackend backend) {
    String name;
    try {
      name = "'" + backend.name() + "' ";
    } catch (RuntimeException | LinkageError e) {
      name = "";
    }
    return "backend " + name + "of " + describe(backend.getClass());
  }

  /** The class, and the jar that it came from. */
  static String describe(Class<?> type) {
    return type.getName() + BackendOrigin.of(type).map(place -> " in " + place).orElse("");
  }

  /** What is behind errors that only say that there was one. */
  static Throwable reason(Throwable thrown) {
    Throwable reason = thrown;
    while (reason.getCause() != null
        && (reason instanceof ServiceConfigurationError
            || reason instanceof ExceptionInInitializerError)) {
      reason = reason.getCause();
    }
    return reason;
  }

  static String remedy(Throwable reason) {
    if (reason instanceof UnsupportedClassVersionError) {
      return "run with a newer Java, or install a build of the backend for this one";
    }
    if (reason instanceof UnsatisfiedLinkError) {
      return "install the native library that it needs, or remove the backend";
    }
    if (reason instanceof NoClassDefFoundError || reason instanceof ClassNotFoundException) {
      return "install the jar with that class beside it; a plugin sees its own folder alone";
    }
    return "repair or remove the jar of the backend";
  }

  /** A file or directory of a plugin cannot be read. */
  static RequestException unreadable(String what, IOException e) {
    return refused(what, words(e), "let the user who runs this read it, or remove it", e);
  }

  /** The JDK keeps the system's words to itself where it has a class for the error. */
  static String words(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "Permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return "No such file or directory";
    }
    if (e instanceof NotDirectoryException) {
      return "Not a directory";
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
