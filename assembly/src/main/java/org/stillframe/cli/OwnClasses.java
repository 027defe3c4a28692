/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.objectweb.asm.ClassReader;

/**
 * Prints all classes of ours and of the JSON library, and the lambdas in them, in the form of a
 * list of classes of the JVM's: {@code bin/make-class-archive} archives them although it saves no
 * guest.
 */
final class OwnClasses {
  private static final String SUFFIX = ".class";

  private OwnClasses() {}

  /** Prints the list. */
  public static void main(String[] arguments) throws IOException {
    Path jars = Path.of(System.getProperty("java.class.path")).toAbsolutePath().getParent();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(jars, "{stillframe-*,gson}.jar")) {
      for (Path jar : all) {
        list(jar, System.out);
      }
    }
  }

  private static void list(Path file, PrintStream out) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        String name = entry.getName();
        if (name.endsWith(SUFFIX) && !name.contains("-")) {
          out.println(name.substring(0, name.length() - SUFFIX.length()));
          try (InputStream bytes = jar.getInputStream(entry)) {
            new ClassReader(bytes).accept(new LambdaLines(out), ClassReader.SKIP_DEBUG);
          }
        }
      }
    }
  }
}
