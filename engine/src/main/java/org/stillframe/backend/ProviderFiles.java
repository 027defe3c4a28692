/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.stillframe.spi.MigrationBackend;

/** The service files that a class loader sees, each with the jar or directory that it is in. */
final class ProviderFiles {
  static final String NAME = "META-INF/services/" + MigrationBackend.class.getName();

  private final Map<String, URL> files = new LinkedHashMap<>();

  ProviderFiles(ClassLoader loader) throws IOException {
    for (URL url : Collections.list(loader.getResources(NAME))) {
      files.put(url.toString(), url);
    }
  }

  int count() {
    return files.size();
  }

  /** The places of the files that declare a class; in order, each once. */
  List<String> declaring(String type) throws IOException {
    TreeSet<String> places = new TreeSet<>();
    for (Map.Entry<String, URL> file : files.entrySet()) {
      if (declared(file.getValue()).contains(type)) {
        places.add(place(file.getKey()));
      }
    }
    return List.copyOf(places);
  }

  /** Every class that is declared. */
  List<String> declared() throws IOException {
    TreeSet<String> types = new TreeSet<>();
    for (URL file : files.values()) {
      types.addAll(declared(file));
    }
    return List.copyOf(types);
  }

  private static List<String> declared(URL file) throws IOException {
    URLConnection connection = file.openConnection();
    // A cached one would keep the jar open for as long as the process lives.
    connection.setUseCaches(false);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .map(line -> line.replaceFirst("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .collect(Collectors.toList());
    }
  }

  private static String place(String file) {
    String place = file.substring(0, file.length() - NAME.length());
    if (place.startsWith("jar:") && place.endsWith("!/")) {
      place = place.substring("jar:".length(), place.length() - "!/".length());
    }
    return BackendOrigin.place(place);
  }
}
