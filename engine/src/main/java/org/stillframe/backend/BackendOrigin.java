/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;

/** Where an installed backend came from. */
public final class BackendOrigin {
  private BackendOrigin() {}

  /** The jar or directory that a class came from; empty if the JVM does not know. */
  public static Optional<String> of(Class<?> type) {
    return Optional.ofNullable(type.getProtectionDomain().getCodeSource())
        .map(CodeSource::getLocation)
        .map(location -> place(location.toString()));
  }

  /** A jar or a directory as people write it. */
  static String place(String url) {
    try {
      URI uri = new URI(url);
      return "file".equals(uri.getScheme()) ? Path.of(uri).toString() : url;
    } catch (URISyntaxException | IllegalArgumentException e) {
      return url;
    }
  }
}
