/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.stillframe.spi.SystemCallException;
import org.stillframe.system.Descriptor;
import org.stillframe.system.FileCalls;
import org.stillframe.system.FileMapping;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.SystemCalls;

/**
 * RAM that lies in files which QEMU shares, mapped into this process as well: it goes to storage,
 * or comes from there, without a copy. RAM that cannot be reached so is copied. Thread-safe, but
 * for {@link #close}.
 */
final class SharedRam implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(SharedRam.class);

  /** Files in memory. */
  private static final Set<String> MEMORY = Set.of("tmpfs", "hugetlbfs");

  /**
   * Where SEEK_DATA tells of all that was written by way of a mapping too. FUSE asks its server,
   * which has not heard of it yet; hugetlbfs calls everything data.
   */
  private static final Set<String> HOLES = Set.of("tmpfs", "ext4", "xfs", "btrfs");

  private final FileCalls files;

  /** By the index of the area; null where it is copied. */
  private final List<Block> blocks = new ArrayList<>();

  /** What is mapped of one RAM block. */
  record Block(String name, Descriptor file, FileMapping mapping, long fileOffset, DataMap data) {
    private void close() throws SystemCallException {
      try (file) {
        mapping.close();
      }
    }
  }

  private SharedRam(FileCalls files) {
    this.files = files;
  }

  /** Maps what can be mapped to be read. */
  static SharedRam toRead(SystemCalls system, GuestMemory memory) throws SystemCallException {
    return open(system, memory, false);
  }

  /**
   * Maps what can be mapped to be written, of files in memory alone: the pages of others may be
   * stored, and counted as stored, while the kernel still fills them from elsewhere.
   */
  static SharedRam toWrite(SystemCalls system, GuestMemory memory) throws SystemCallException {
    return open(system, memory, true);
  }

  private static SharedRam open(SystemCalls system, GuestMemory memory, boolean write)
      throws SystemCallException {
    SharedRam ram = new SharedRam(new FileCalls(system));
    try {
      for (GuestMemory.Area area : memory.areas()) {
        ram.blocks.add(
            area.shared().isPresent()
                ? ram.map(system, memory, area, area.shared().get(), write)
                : null);
      }
      return ram;
    } catch (SystemCallException | RuntimeException | Error e) {
      try {
        ram.close();
      } catch (SystemCallException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  private Block map(
      SystemCalls system, GuestMemory memory, GuestMemory.Area area, SharedPart part, boolean write)
      throws SystemCallException {
    int flags = write ? OpenFlags.READ_WRITE : OpenFlags.READ_ONLY;
    Optional<Descriptor> opened = new SharedFiles(files).open(memory.process(), part, flags);
    if (opened.isEmpty()) {
      LOG.debug("RAM block {} is shared, but its file cannot be opened", area.block().name());
      return null;
    }
    Descriptor file = opened.get();
    boolean used = false;
    try {
      String kind = system.facts(file.number()).fileSystem();
      if (write && !MEMORY.contains(kind)) {
        LOG.debug("RAM block {} is in a file of {}, and copied", area.block().name(), kind);
        return null;
      }
      FileMapping mapping = files.map(file.number(), part.offset(), part.length(), write);
      DataMap data =
          HOLES.contains(kind)
              ? new DataMap(files, file.number(), part.offset(), part.length())
              : DataMap.full(part.length());
      used = true;
      return new Block(area.block().name(), file, mapping, part.offset(), data);
    } finally {
      if (!used) {
        file.close();
      }
    }
  }

  /** How many bytes of RAM are not copied. */
  long bytes() {
    return blocks.stream().mapToLong(block -> block == null ? 0 : block.mapping.length()).sum();
  }

  /**
   * For one thread: a look at each RAM block that is mapped.
   *
   * @return by the index of the area; null where it is copied
   */
  List<SharedView> views() {
    List<SharedView> views = new ArrayList<>();
    blocks.forEach(block -> views.add(block == null ? null : new SharedView(files, block)));
    return views;
  }

  /** Gives all of it back, also if some of it fails. Nobody may use a view any more. */
  @Override
  public void close() throws SystemCallException {
    SystemCallException failure = null;
    for (Block block : blocks) {
      try {
        if (block != null) {
          block.close();
        }
      } catch (SystemCallException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
