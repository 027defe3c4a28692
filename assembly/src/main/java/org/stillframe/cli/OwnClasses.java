/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;

/**
 * Prints the names of all classes of ours and of the JSON library, in the form of a list of classes
 * of the JVM's: {@code bin/make-class-archive} archives them although it saves no guest.
 */
final class OwnClasses {
  private OwnClasses() {}

  /** Prints the list. */
  public static void main(String[] arguments) throws IOException {
    Path jars = Path.of(System.getProperty("java.class.path")).toAbsolutePath().getParent();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(jars, "{stillframe-*,gson}.jar")) {
      for (Path jar : all) {
        list(jar);
      }
    }
  }

  private static void list(Path file) throws IOException {
    String suffix = ".class";
    try (JarFile jar = new JarFile(file.toFile())) {
      jar.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.endsWith(suffix) && !name.contains("-"))
          .map(name -> name.substring(0, name.length() - suffix.length()))
          .forEach(System.out::println);
    }
  }
}
