/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.stillframe.spi.Capability;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;

/**
 * What one test works with: a directory of its own, and all that it opens, which is closed and
 * deleted in the end. Used by one thread.
 */
public final class Bench implements Closeable {
  // S_IFMT and S_IFBLK of stat(2).
  private static final int FILE_TYPE = 0170000;
  private static final int BLOCK_DEVICE = 0060000;

  private final BackendUnderTest subject;
  private final MigrationBackend backend;
  private final Path directory;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /** Makes a directory in that of the subject. */
  public Bench(BackendUnderTest subject) throws IOException {
    this.subject = subject;
    backend = subject.newBackend();
    directory = Files.createTempDirectory(subject.directory(), "stillframe-contract-").toRealPath();
  }

  /** The backend. */
  public MigrationBackend backend() {
    return backend;
  }

  /** The directory of this test. */
  public Path directory() {
    return directory;
  }

  /** A path where nothing is yet. */
  public Path path(String name) {
    return directory.resolve(name);
  }

  /** Makes a file that holds some bytes. */
  public Path file(byte... content) throws IOException {
    return Files.write(path("image"), content);
  }

  /** Opens a file, as the caller of a backend does. */
  public Descriptor descriptor(Path path, StandardOpenOption... options) throws IOException {
    return keep(Descriptor.open(path, options));
  }

  /** What is known of an open file. */
  public Target target(Path path, Descriptor descriptor) throws IOException {
    return facts(path).descriptor(descriptor.number()).build();
  }

  /** What is known of a file or a block device, open or not. */
  public Target.Builder facts(Path path) throws IOException {
    boolean isDevice = isBlockDevice(path);
    Target.Builder target = isDevice ? factsOfDevice(path) : factsOfFile(path);
    DirectAlignment.add(target, path, isDevice);
    return subject.describe(target);
  }

  private static Target.Builder factsOfFile(Path path) throws IOException {
    FileStore store = Files.getFileStore(path);
    return Target.builder("file:" + path, TargetKind.REGULAR)
        .size(Files.size(path))
        .blockSize((int) store.getBlockSize())
        .fileSystem(store.type());
  }

  private static Target.Builder factsOfDevice(Path path) throws IOException {
    try (FileChannel device = FileChannel.open(path)) {
      return Target.builder("file:" + path, TargetKind.BLOCK).size(device.size());
    }
  }

  private static boolean isBlockDevice(Path path) throws IOException {
    return ((int) Files.getAttribute(path, "unix:mode") & FILE_TYPE) == BLOCK_DEVICE;
  }

  /** Opens a new, empty file for writing. */
  public StateFile created() throws IOException {
    return opened(file(), OpenMode.WRITE);
  }

  /** Opens a file that is there. */
  public StateFile opened(Path path, OpenMode mode) throws IOException {
    return opened(path, mode, subject.wanted());
  }

  /** Opens a file that is there, with capabilities. */
  public StateFile opened(Path path, OpenMode mode, Set<Capability> wanted) throws IOException {
    Descriptor descriptor =
        mode == OpenMode.READ
            ? descriptor(path, StandardOpenOption.READ)
            : descriptor(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    return opened(target(path, descriptor), mode, wanted);
  }

  /** Opens a target. */
  public StateFile opened(Target target, OpenMode mode, Set<Capability> wanted) throws IOException {
    return keep(backend.open(target, mode, wanted));
  }

  /** Opens a queue. */
  public IoQueue queue(StateFile file, int depth) throws IOException {
    return keep(file.openQueue(depth, List.of()));
  }

  /** Opens a queue of depth 1 for requests one after the other. */
  public Requests requests(StateFile file) throws IOException {
    return new Requests(queue(file, 1));
  }

  /** Has something closed in the end, before what was opened earlier. */
  public <T extends AutoCloseable> T keep(T resource) {
    open.push(resource);
    return resource;
  }

  /** The descriptors of this process that are open on files of this directory, by number. */
  public Map<Integer, String> descriptors() throws IOException {
    return Descriptor.links(directory + "/");
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        failure = failure == null ? new IOException("closing failed", e) : failure;
      }
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
    if (failure != null) {
      throw failure;
    }
  }
}
