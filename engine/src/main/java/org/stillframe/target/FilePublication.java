/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.target;

import java.nio.file.Path;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.error.StorageException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Errno;
import org.stillframe.system.FileFacts;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.SystemCalls;

/**
 * An image that is written as {@code PATH.partial}, see {@link PartialFile}, and renamed over PATH
 * when it is whole.
 */
final class FilePublication implements Publication {
  private final SystemCalls system;
  private final Path path;
  private final Path partial;
  private final Descriptor directory;
  private final boolean replace;
  private final Descriptor descriptor;
  private final Target target;
  private ReplacedFile replaced = ReplacedFile.NONE;
  private boolean published;
  private boolean closed;

  private FilePublication(
      SystemCalls system,
      Path path,
      Path partial,
      boolean replace,
      Descriptor directory,
      Descriptor descriptor,
      Target target) {
    this.system = system;
    this.path = path;
    this.partial = partial;
    this.directory = directory;
    this.replace = replace;
    this.descriptor = descriptor;
    this.target = target;
  }

  static FilePublication begin(SystemCalls system, TargetUri uri, Path path, boolean replace)
      throws StillframeException {
    PartialFile partial = new PartialFile(system, path);
    try {
      // Now: when the image has taken its place, it is too late to find that this is not allowed.
      Descriptor directory =
          system.open(path.getParent(), OpenFlags.READ_ONLY | OpenFlags.DIRECTORY, 0);
      try {
        Descriptor descriptor = partial.create();
        try {
          FileFacts facts = system.facts(descriptor.number());
          Target target =
              Target.builder(uri.toString(), TargetKind.REGULAR)
                  .descriptor(descriptor.number())
                  .blockSize(facts.blockSize())
                  .fileSystem(facts.fileSystem())
                  .directAlignment(facts.directMemoryAlignment(), facts.directOffsetAlignment())
                  .build();
          return new FilePublication(
              system, path, partial.path(), replace, directory, descriptor, target);
        } catch (SystemCallException e) {
          throw partial.abandon(descriptor, e);
        }
      } catch (SystemCallException | RequestException e) {
        directory.close();
        throw e;
      }
    } catch (SystemCallException e) {
      if (e.errno() == Errno.ENAMETOOLONG) {
        throw new RequestException(
            ErrorCode.INVALID_REQUEST,
            partial.path().toString(),
            e.getMessage(),
            "choose a shorter name: the image is made under this one, which is "
                + PartialFile.SUFFIX.length()
                + " bytes longer than its own",
            e);
      }
      throw SystemTargets.storage(partial.path().toString(), e, SystemTargets.DIRECTORY_REMEDY);
    }
  }

  @Override
  public Target target() {
    return target;
  }

  @Override
  public boolean inPlace() {
    return false;
  }

  @Override
  public void publish() throws StillframeException {
    try {
      if (replace) {
        replaced = ReplacedFile.hold(system, path);
        system.rename(partial, path);
      } else {
        moveToFreeName();
      }
    } catch (SystemCallException e) {
      if (!isInPlace(e)) {
        throw notMoved(e);
      }
    }
    published = true;
    try {
      system.sync(directory.number());
    } catch (SystemCallException e) {
      throw SystemTargets.storage(
          path.getParent().toString(),
          e,
          "the image is in place, but may be gone after a power cut");
    }
  }

  /**
   * Whether the image has its name, whatever a call said. NFS sends a request again if the answer
   * does not come, and then tells of the second one: that a name is taken, or is no longer there.
   */
  private boolean isInPlace(SystemCallException failure) {
    try {
      return system.isFileOfName(descriptor.number(), path);
    } catch (SystemCallException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  private StillframeException notMoved(SystemCallException e) {
    if (e.errno() == Errno.EEXIST) {
      return new RequestException(
          ErrorCode.TARGET_EXISTS,
          path.toString(),
          e.getMessage(),
          "somebody else made it meanwhile; it was left alone",
          e);
    }
    return SystemTargets.storage(path.toString(), e, "");
  }

  private void moveToFreeName() throws SystemCallException {
    try {
      system.renameToFreeName(partial, path);
    } catch (SystemCallException e) {
      if (e.errno() != Errno.EINVAL && e.errno() != Errno.ENOSYS) {
        throw e;
      }
      // NFS and others rename over what is there or not at all; a second name never replaces one.
      system.link(partial, path);
      system.unlink(partial);
    }
  }

  @Override
  public void close() throws StorageException {
    if (closed) {
      return;
    }
    closed = true;
    // The descriptor holds the lock, so it goes last but for what takes its time.
    try (ReplacedFile older = replaced;
        descriptor;
        directory) {
      // One that is published has this name too if it was given a second one and kept the first.
      if (system.isFileOfName(descriptor.number(), partial)) {
        system.unlink(partial);
      }
    } catch (SystemCallException e) {
      if (!published) {
        throw SystemTargets.storage(partial.toString(), e, "remove it");
      }
      // The image is synced and in its place: nothing that closing could say changes that.
    }
  }
}
