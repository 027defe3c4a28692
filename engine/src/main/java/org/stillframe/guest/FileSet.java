/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.util.ArrayList;
import java.util.List;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.StillframeException;
import org.stillframe.error.StorageException;
import org.stillframe.image.TransferFailures;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.Target;
import org.stillframe.system.Descriptor;
import org.stillframe.system.FileCalls;
import org.stillframe.system.OpenFlags;

/**
 * What QEMU is given of a file: a descriptor that reads alone or writes alone, and another one that
 * bypasses the page cache, if that is wanted. QEMU takes the one whose access mode and O_DIRECT are
 * those it looks for, and begins at its position: each is opened anew, and stands at 0.
 */
final class FileSet implements AutoCloseable {
  private final String name;
  private final List<Descriptor> descriptors = new ArrayList<>();

  private FileSet(String name) {
    this.name = name;
  }

  /** For QEMU to save into a new file. */
  static FileSet toWrite(FileCalls files, Target target, boolean direct)
      throws StillframeException {
    return open(
        files, target, OpenFlags.WRITE_ONLY, direct, (fd, page) -> files.write(fd, page, 0));
  }

  /** For QEMU to load from an image. */
  static FileSet toRead(FileCalls files, Target target, boolean direct) throws StillframeException {
    return open(files, target, OpenFlags.READ_ONLY, direct, (fd, page) -> files.read(fd, page, 0));
  }

  private static FileSet open(
      FileCalls files, Target target, int mode, boolean direct, DirectAccess.Trial trial)
      throws StillframeException {
    FileSet set = new FileSet(target.name());
    try {
      set.descriptors.add(files.reopen(target.descriptor(), mode));
      if (direct) {
        set.descriptors.add(DirectAccess.open(files, target, mode | OpenFlags.DIRECT, trial));
      }
      set.requireAccess(files, mode);
      return set;
    } catch (SystemCallException e) {
      throw set.closing(TransferFailures.of(target.name(), e));
    } catch (StillframeException e) {
      throw set.closing(e);
    }
  }

  /** What QEMU looks for must be there: it may crash where it is not. */
  private void requireAccess(FileCalls files, int mode)
      throws SystemCallException, StorageException {
    for (int i = 0; i < descriptors.size(); i++) {
      int wanted = i == 0 ? mode : mode | OpenFlags.DIRECT;
      int access = files.access(descriptors.get(i).number());
      if (access != wanted) {
        throw new StorageException(
            ErrorCode.STORAGE,
            name,
            String.format("opened with the flags 0x%x it has 0x%x", wanted, access),
            "use the route stream");
      }
    }
  }

  private StillframeException closing(StillframeException failure) {
    try {
      close();
    } catch (StillframeException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  List<Descriptor> descriptors() {
    return descriptors;
  }

  @Override
  public void close() throws StillframeException {
    SystemCallException failure = null;
    for (Descriptor descriptor : descriptors) {
      try {
        descriptor.close();
      } catch (SystemCallException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw TransferFailures.of(name, failure);
    }
  }
}
