/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.ZipFile;
import org.stillframe.error.RequestException;
import org.stillframe.spi.MigrationBackend;

/** One plugin: a folder with the jar of a backend and those that it needs. */
final class PluginFolder {
  private final Path folder;
  private final String what;

  PluginFolder(Path folder) {
    this.folder = folder;
    what = "plugin folder " + folder;
  }

  /**
   * Makes its backends, in a class loader of its own.
   *
   * @param parent what a plugin sees besides its jars
   * @throws RequestException UNSUPPORTED if it has none, or is broken in any way
   */
  List<MigrationBackend> backends(ClassLoader parent) throws RequestException {
    URL[] jars = jars();
    // Never closed: a backend loads classes for as long as somebody has it. With the last of them
    // the garbage collector takes the loader, and its open jars.
    ClassLoader loader = new URLClassLoader("plugin-" + folder.getFileName(), jars, parent);
    List<MigrationBackend> made = new Providers(loader, what).make();
    if (made.isEmpty()) {
      throw BackendFaults.refused(
          what,
          "none of its jars declares a backend in " + ProviderFiles.NAME,
          "add the jar of the backend, or remove the folder",
          null);
    }
    return made;
  }

  private URL[] jars() throws RequestException {
    TreeSet<Path> jars = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "[!.]*.jar")) {
      entries.forEach(jars::add);
    } catch (DirectoryIteratorException e) {
      throw BackendFaults.unreadable(what, e.getCause());
    } catch (IOException e) {
      throw BackendFaults.unreadable(what, e);
    }
    if (jars.isEmpty()) {
      throw BackendFaults.refused(
          what,
          "it holds no jar",
          "put the jars of the plugin right into it, or remove the folder",
          null);
    }
    URL[] urls = new URL[jars.size()];
    int i = 0;
    for (Path jar : jars) {
      urls[i++] = checked(jar);
    }
    return urls;
  }

  /** A class loader passes over a jar that it cannot open, without a word. */
  private URL checked(Path jar) throws RequestException {
    try (ZipFile opened = new ZipFile(jar.toFile())) {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException("a path has an URL: " + jar, e);
    } catch (IOException e) {
      throw BackendFaults.refused(
          what,
          jar.getFileName() + " cannot be opened: " + BackendFaults.words(e),
          "copy the jar there again, or remove it",
          e);
    }
  }
}
