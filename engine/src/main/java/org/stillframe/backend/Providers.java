/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.stillframe.error.RequestException;
import org.stillframe.spi.MigrationBackend;

/** Makes the backends that are declared in the service files which a class loader sees. */
final class Providers {
  private static final String PREFIX = MigrationBackend.class.getName() + ": ";

  private final ClassLoader loader;
  private final String what;

  /**
   * Makes nothing yet.
   *
   * @param what what messages call the place that the class loader stands for
   */
  Providers(ClassLoader loader, String what) {
    this.loader = loader;
    this.what = what;
  }

  /**
   * Makes one backend of each declared class.
   *
   * @throws RequestException UNSUPPORTED if one of them is broken, or declared in two places
   */
  List<MigrationBackend> make() throws RequestException {
    List<MigrationBackend> made = new ArrayList<>();
    try {
      ContextLoader.with(
          loader,
          () -> {
            ServiceLoader.load(MigrationBackend.class, loader).forEach(made::add);
            return made;
          });
    } catch (ServiceConfigurationError | LinkageError e) {
      throw broken(e);
    }
    requireEachOnce();
    return made;
  }

  private RequestException broken(Error e) {
    Throwable reason = BackendFaults.reason(e);
    String why = e instanceof ServiceConfigurationError ? e.getMessage() : reason.toString();
    if (why.startsWith(PREFIX)) {
      why = why.substring(PREFIX.length());
    }
    if (reason != e) {
      why += " (" + reason + ")";
    }
    return BackendFaults.refused(what, why + declarer(why), BackendFaults.remedy(reason), e);
  }

  /** Which jar the message is about, for the class path has many. */
  private String declarer(String message) {
    try {
      ProviderFiles files = new ProviderFiles(loader);
      for (String type : files.declared()) {
        if (message.contains(type) || message.contains(type.replace('.', '/'))) {
          return ", declared in " + String.join(" and ", files.declaring(type));
        }
      }
    } catch (IOException e) {
      // Then the message says as much as ServiceLoader did.
    }
    return "";
  }

  /** Two versions of a jar declare the same class: the JVM would take one of them, unasked. */
  private void requireEachOnce() throws RequestException {
    try {
      ProviderFiles files = new ProviderFiles(loader);
      if (files.count() < 2) {
        return;
      }
      for (String type : files.declared()) {
        List<String> places = files.declaring(type);
        if (places.size() > 1) {
          throw BackendFaults.refused(
              what,
              type + " is declared in " + String.join(" and in ", places),
              "remove one of the two",
              null);
        }
      }
    } catch (IOException e) {
      throw BackendFaults.thrown(what, "its service files cannot be read", e);
    }
  }
}
