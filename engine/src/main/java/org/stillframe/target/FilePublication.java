/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.target;

import java.nio.file.Path;
import jnr.constants.platform.Errno;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.error.StorageException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.system.Descriptor;
import org.stillframe.system.FileFacts;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.SystemCalls;

/**
 * An image that is written as {@code PATH.partial} and renamed over PATH when it is whole.
 *
 * <p>The partial file is locked (flock) as long as it is in use. One that exists and is not locked
 * was left behind by a process that died; it is emptied and used again.
 */
final class FilePublication implements Publication {
  private static final String SUFFIX = ".partial";
  private static final int OWNER_ONLY = 0600;
  private static final int ATTEMPTS = 16;

  private final SystemCalls system;
  private final Path path;
  private final Path partial;
  private final Path directory;
  private final boolean replace;
  private final Descriptor descriptor;
  private final Target target;
  private boolean published;
  private boolean closed;

  private FilePublication(
      SystemCalls system, Path path, boolean replace, Descriptor descriptor, Target target) {
    this.system = system;
    this.path = path;
    this.partial = partial(path);
    this.directory = path.getParent();
    this.replace = replace;
    this.descriptor = descriptor;
    this.target = target;
  }

  private static Path partial(Path path) {
    return path.resolveSibling(path.getFileName() + SUFFIX);
  }

  static FilePublication begin(SystemCalls system, TargetUri uri, Path path, boolean replace)
      throws StillframeException {
    Path partial = partial(path);
    try {
      Descriptor descriptor = create(system, partial);
      FileFacts facts = system.facts(descriptor.number());
      Target target =
          Target.builder(uri.toString(), TargetKind.REGULAR)
              .descriptor(descriptor.number())
              .blockSize(facts.blockSize())
              .fileSystem(facts.fileSystem())
              .directAlignment(facts.directMemoryAlignment(), facts.directOffsetAlignment())
              .build();
      return new FilePublication(system, path, replace, descriptor, target);
    } catch (SystemCallException e) {
      throw SystemTargets.storage(
          partial.toString(), e, "check that the directory exists and can be written to");
    }
  }

  private static Descriptor create(SystemCalls system, Path partial)
      throws SystemCallException, RequestException {
    int flags = OpenFlags.READ_WRITE | OpenFlags.NO_FOLLOW | OpenFlags.NON_BLOCKING;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Descriptor descriptor;
      try {
        descriptor =
            system.open(partial, flags | OpenFlags.CREATE | OpenFlags.EXCLUSIVE, OWNER_ONLY);
      } catch (SystemCallException e) {
        if (e.errno() != Errno.EEXIST.intValue()) {
          throw e;
        }
        try {
          descriptor = system.open(partial, flags, OWNER_ONLY);
        } catch (SystemCallException gone) {
          if (gone.errno() == Errno.ENOENT.intValue()) {
            continue;
          }
          throw gone;
        }
      }
      if (take(system, partial, descriptor)) {
        return descriptor;
      }
      descriptor.close();
    }
    throw busy(partial);
  }

  /** Whether the open file is ours now: locked, empty, and still the one of that name. */
  private static boolean take(SystemCalls system, Path partial, Descriptor descriptor)
      throws SystemCallException, RequestException {
    boolean ours = false;
    try {
      if (!system.tryLock(descriptor.number())) {
        throw busy(partial);
      }
      if (!system.isOwnPrivateFile(descriptor.number())) {
        throw new RequestException(
            ErrorCode.TARGET_EXISTS,
            partial.toString(),
            "this name is needed for the image in the making, and is taken by something else",
            "move it away");
      }
      ours = system.isFileOfName(descriptor.number(), partial);
      if (ours) {
        system.truncate(descriptor.number(), 0);
      }
      return ours;
    } catch (SystemCallException | RequestException e) {
      descriptor.close();
      throw e;
    }
  }

  private static RequestException busy(Path partial) {
    return new RequestException(
        ErrorCode.TARGET_EXISTS,
        partial.toString(),
        "another save to the same target is under way",
        "wait for it, or choose another name");
  }

  @Override
  public Target target() {
    return target;
  }

  @Override
  public void publish() throws StorageException {
    try {
      if (replace) {
        system.rename(partial, path);
      } else {
        system.renameToFreeName(partial, path);
      }
    } catch (SystemCallException e) {
      boolean taken = e.errno() == Errno.EEXIST.intValue();
      throw SystemTargets.storage(
          path.toString(), e, taken ? "somebody else made it meanwhile; it was left alone" : "");
    }
    published = true;
    try (Descriptor opened = system.open(directory, OpenFlags.READ_ONLY | OpenFlags.DIRECTORY, 0)) {
      system.sync(opened.number());
    } catch (SystemCallException e) {
      throw SystemTargets.storage(
          directory.toString(), e, "the image is in place, but may be gone after a power cut");
    }
  }

  @Override
  public void close() throws StorageException {
    if (closed) {
      return;
    }
    closed = true;
    // The descriptor holds the lock, so it goes last.
    try (descriptor) {
      if (!published && system.isFileOfName(descriptor.number(), partial)) {
        system.unlink(partial);
      }
    } catch (SystemCallException e) {
      throw SystemTargets.storage(partial.toString(), e, "remove it");
    }
  }
}
