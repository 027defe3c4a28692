/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.spi.MigrationBackend;

/**
 * A directory of plugins: each folder in it holds the jars of one, and has a class loader of its
 * own which sees the JDK and the spi besides. What begins with a dot is passed over, and so are
 * files; a jar that lies here, in no folder, is an error. Immutable and thread-safe.
 */
public final class PluginDirectory {
  /** The system property that names the directory of plugins; empty for none. */
  public static final String PROPERTY = "stillframe.plugins";

  private final Path directory;

  /** Reads nothing yet. */
  public PluginDirectory(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  /** The directory that {@link #PROPERTY} names, if it names one. */
  public static Optional<Path> preset() {
    return Optional.ofNullable(System.getProperty(PROPERTY))
        .filter(name -> !name.isBlank())
        .map(Path::of);
  }

  /**
   * Makes the backends of all plugins, in the order of their folders' names.
   *
   * @throws RequestException INVALID_REQUEST if there is no such directory; UNSUPPORTED if it
   *     cannot be read, or a plugin is broken: none is left out silently
   */
  List<MigrationBackend> backends() throws RequestException {
    List<MigrationBackend> backends = new ArrayList<>();
    ClassLoader parent = new SpiClassLoader();
    for (Path folder : folders()) {
      backends.addAll(new PluginFolder(folder).backends(parent));
    }
    return backends;
  }

  private TreeSet<Path> folders() throws RequestException {
    String what = "plugin directory " + directory;
    TreeSet<Path> folders = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "[!.]*")) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry)) {
          folders.add(entry);
        } else {
          requireNoPlugin(entry);
        }
      }
      return folders;
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw new RequestException(
          ErrorCode.INVALID_REQUEST,
          what,
          BackendFaults.words(e),
          "create it, or correct -D" + PROPERTY + "=DIRECTORY",
          e);
    } catch (DirectoryIteratorException e) {
      throw BackendFaults.unreadable(what, e.getCause());
    } catch (IOException e) {
      throw BackendFaults.unreadable(what, e);
    }
  }

  /** Somebody who put it there expects it to be used. */
  private static void requireNoPlugin(Path entry) throws RequestException {
    String name = entry.getFileName().toString();
    if (name.endsWith(".jar")) {
      String folder = name.substring(0, name.length() - ".jar".length());
      throw BackendFaults.refused(
          "plugin " + entry,
          "a plugin has a folder of its own, and this jar has none",
          "move it to " + entry.resolveSibling(folder) + "/",
          null);
    }
    if (Files.isSymbolicLink(entry) && !Files.exists(entry)) {
      throw BackendFaults.refused(
          "plugin " + entry, "the link leads nowhere", "correct or remove it", null);
    }
  }
}
