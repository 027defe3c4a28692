/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.system.Descriptor;
import org.stillframe.system.FileCalls;
import org.stillframe.system.MappedArea;
import org.stillframe.system.OpenFlags;

/**
 * Tells which RAM of a QEMU that waits was never written to, and so is zero. QEMU's own loaders
 * take all of it for that: they leave alone what is zero in a mapped file, and what a packet of
 * multifd says is zero. But memory may be a file that holds something, or have been written to by a
 * restore that was given up. Thread-safe.
 */
final class UntouchedRam {
  /** Smaller blocks are firmware and the like, which is never zero. */
  static final long SMALLEST = 16 << 20;

  private final FileCalls files;

  UntouchedRam(FileCalls files) {
    this.files = files;
  }

  /**
   * Looks at all large blocks.
   *
   * @return the names of those that are zero; empty if that cannot be seen
   */
  Optional<Set<String>> of(Guest guest) throws StillframeException {
    int process = guest.peer().process();
    List<HostRam> ram = process > 0 ? guest.ram() : List.of();
    if (!HostRam.located(ram)) {
      return Optional.empty();
    }
    Set<String> untouched = new HashSet<>();
    try {
      for (HostRam block : ram) {
        if (block.length() >= SMALLEST && isUntouched(process, block)) {
          untouched.add(block.name());
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.of(untouched);
  }

  private boolean isUntouched(int process, HostRam block) throws IOException {
    List<MappedPiece> pieces = MappedPiece.of(process, block.address(), block.length());
    if (pieces.isEmpty()) {
      throw new IOException("process " + process + " is not QEMU itself");
    }
    for (MappedPiece piece : pieces) {
      // What is shared may have been written to by others, as by a restore that was given up.
      MappedArea area = piece.area();
      boolean empty =
          area.isShared()
              ? isEmptyShared(process, area)
              : piece.isMemory() ? piece.present() == 0 : isEmpty(process, area);
      if (!empty || piece.own() > 0) {
        return false;
      }
    }
    return true;
  }

  private boolean isEmptyShared(int process, MappedArea area) throws IOException {
    SharedPart part =
        new SharedPart(area.range(), area.file(), area.offset(), area.end() - area.begin());
    Optional<Descriptor> opened =
        new SharedFiles(files).open(process, part, OpenFlags.READ_ONLY | OpenFlags.NON_BLOCKING);
    if (opened.isEmpty()) {
      return false;
    }
    try (Descriptor file = opened.get()) {
      return files.allocated(file.number()) == 0;
    }
  }

  /**
   * Whether a file is one single hole: by the kernel's link to it, which is root's, or its name.
   */
  private boolean isEmpty(int process, MappedArea area) {
    return isEmpty("/proc/" + process + "/map_files/" + area.range(), area)
        || isEmpty(area.path(), area);
  }

  private boolean isEmpty(String path, MappedArea area) {
    int flags = OpenFlags.READ_ONLY | OpenFlags.NON_BLOCKING;
    try (Descriptor file = files.open(Path.of(path), flags)) {
      return files.identity(file.number()).equals(area.file())
          && files.allocated(file.number()) == 0;
    } catch (SystemCallException | InvalidPathException e) {
      // What is in it cannot be known.
      return false;
    }
  }
}
