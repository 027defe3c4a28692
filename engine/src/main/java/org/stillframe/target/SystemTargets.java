/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.target;

import java.nio.file.Path;
import java.util.Optional;
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

/** Targets in the file system and among this process's descriptors. */
public final class SystemTargets implements Targets {
  static final String DIRECTORY_REMEDY =
      "check that the directory exists and can be read and written to";

  private final SystemCalls system;

  /** Opens targets with these system calls. */
  public SystemTargets(SystemCalls system) {
    this.system = system;
  }

  @Override
  public Target probe(TargetUri uri) throws StillframeException {
    Target seen = look(uri);
    requireUse(uri, seen.kind());
    return seen;
  }

  private Target look(TargetUri uri) throws StillframeException {
    if (!uri.isFile()) {
      return describe(uri, uri.number(), Target.NO_DESCRIPTOR);
    }
    Path path = uri.path().toAbsolutePath();
    try {
      if (system.kindOf(path).isEmpty()) {
        return lookAtDirectory(uri, path.getParent());
      }
      try (Descriptor descriptor = openToLook(uri, path)) {
        return target(uri.toString(), descriptor.number(), Target.NO_DESCRIPTOR);
      }
    } catch (SystemCallException e) {
      throw unreachable(uri, e);
    }
  }

  private Target lookAtDirectory(TargetUri uri, Path path) throws StillframeException {
    try (Descriptor directory = system.open(path, OpenFlags.READ_ONLY | OpenFlags.DIRECTORY, 0)) {
      FileFacts facts = system.facts(directory.number());
      return Target.builder(uri.toString(), TargetKind.REGULAR)
          .fileSystem(facts.fileSystem())
          .blockSize(facts.blockSize())
          .build();
    } catch (SystemCallException e) {
      throw storage(uri.toString(), e, DIRECTORY_REMEDY);
    }
  }

  private Descriptor openToLook(TargetUri uri, Path path)
      throws SystemCallException, RequestException {
    try {
      // Non-blocking: a FIFO that nobody writes to would hang us otherwise.
      return system.open(path, OpenFlags.READ_ONLY | OpenFlags.NON_BLOCKING, 0);
    } catch (SystemCallException e) {
      // Of these two the system's words are misleading.
      if (e.errno() == Errno.ENXIO && isA(TargetKind.SOCKET, path)) {
        throw unusable(uri, "it is a socket");
      }
      if (e.errno() == Errno.ENOENT && isA(TargetKind.LINK, path)) {
        throw unusable(uri, "it is a symbolic link that leads nowhere");
      }
      throw e;
    }
  }

  private boolean isA(TargetKind kind, Path path) throws SystemCallException {
    return system.kindOf(path).filter(kind::equals).isPresent();
  }

  @Override
  public Publication create(TargetUri uri, boolean replace) throws StillframeException {
    if (!uri.isFile()) {
      return createInPlace(uri, system.borrowed(uri.number()), replace);
    }
    Path path = uri.path().toAbsolutePath();
    try {
      Optional<TargetKind> present = system.kindOf(path);
      if (present.isEmpty() || present.get() == TargetKind.REGULAR) {
        if (present.isPresent() && !replace) {
          throw exists(uri, "there is a file of this name");
        }
        return FilePublication.begin(system, uri, path, replace);
      }
      if (present.get() == TargetKind.LINK) {
        throw new RequestException(
            ErrorCode.UNSUPPORTED,
            uri.toString(),
            "it is a symbolic link, whose place the image would take",
            "name what it leads to, as readlink -f tells it");
      }
      if (present.get() != TargetKind.BLOCK) {
        throw unusable(uri, "it is a " + present.get().label());
      }
      // Exclusively: a device that is mounted or otherwise in use is busy, even with --force.
      int flags = OpenFlags.READ_WRITE | OpenFlags.EXCLUSIVE;
      return createInPlace(uri, system.open(path, flags, 0), replace);
    } catch (SystemCallException e) {
      throw unreachable(uri, e);
    }
  }

  private Publication createInPlace(TargetUri uri, Descriptor descriptor, boolean replace)
      throws StillframeException {
    try {
      Target target = describe(uri, descriptor.number(), descriptor.number());
      requireUse(uri, target.kind());
      if (system.accessMode(descriptor.number()) == OpenFlags.READ_ONLY) {
        throw unusable(uri, "the descriptor is open for reading alone");
      }
      if (target.kind().seekable() && system.appends(descriptor.number())) {
        throw unusable(uri, "the descriptor is open for appending (O_APPEND)");
      }
      if (target.size() > 0 && !replace) {
        throw exists(uri, "it holds " + target.size() + " bytes already");
      }
      return new InPlacePublication(descriptor, target);
    } catch (SystemCallException e) {
      throw closing(descriptor, storage(uri.toString(), e, ""));
    } catch (StillframeException e) {
      throw closing(descriptor, e);
    }
  }

  @Override
  public OpenTarget open(TargetUri uri) throws StillframeException {
    Descriptor descriptor;
    if (uri.isFile()) {
      try {
        descriptor = openToLook(uri, uri.path());
      } catch (SystemCallException e) {
        throw unreachable(uri, e);
      }
    } else {
      descriptor = system.borrowed(uri.number());
    }
    try {
      Target target = describe(uri, descriptor.number(), descriptor.number());
      requireUse(uri, target.kind());
      if (system.accessMode(descriptor.number()) == OpenFlags.WRITE_ONLY) {
        throw unusable(uri, "the descriptor is open for writing alone");
      }
      return new InPlacePublication(descriptor, target);
    } catch (SystemCallException e) {
      throw closing(descriptor, storage(uri.toString(), e, ""));
    } catch (StillframeException e) {
      throw closing(descriptor, e);
    }
  }

  private Target describe(TargetUri uri, int number, int shown) throws StillframeException {
    try {
      return target(uri.toString(), number, shown);
    } catch (SystemCallException e) {
      if (!uri.isFile() && e.errno() == Errno.EBADF) {
        throw new RequestException(
            ErrorCode.INVALID_REQUEST,
            uri.toString(),
            e.getMessage(),
            "the descriptor is not open in this process; open it before the start, as in 3<>FILE",
            e);
      }
      throw storage(uri.toString(), e, "");
    }
  }

  private Target target(String name, int number, int shown) throws SystemCallException {
    FileFacts facts = system.facts(number);
    return Target.builder(name, facts.kind())
        .descriptor(shown)
        .size(size(facts, number))
        .blockSize(facts.blockSize())
        // Where a device's node or a socket's name lies says nothing of them.
        .fileSystem(facts.kind() == TargetKind.REGULAR ? facts.fileSystem() : "")
        .directAlignment(facts.directMemoryAlignment(), facts.directOffsetAlignment())
        .build();
  }

  private long size(FileFacts facts, int number) throws SystemCallException {
    return switch (facts.kind()) {
      case REGULAR -> facts.size();
      case BLOCK -> system.seekEnd(number);
      default -> 0;
    };
  }

  private static void requireUse(TargetUri uri, TargetKind kind) throws RequestException {
    // Opened without waiting, a FIFO looks empty until its writer comes.
    boolean named = uri.isFile() && !kind.seekable();
    if (named || kind == TargetKind.DIRECTORY || kind == TargetKind.CHARACTER) {
      throw unusable(uri, "it is a " + kind.label());
    }
  }

  private static RequestException unusable(TargetUri uri, String why) {
    return new RequestException(
        ErrorCode.UNSUPPORTED,
        uri.toString(),
        why,
        uri.isFile()
            ? "name a regular file or a block device, or pass an open pipe as fd:N"
            : "pass a regular file, block device, pipe or socket that is open for this use");
  }

  private static RequestException exists(TargetUri uri, String why) {
    return new RequestException(
        ErrorCode.TARGET_EXISTS,
        uri.toString(),
        why,
        "choose another name, or replace it with --force");
  }

  private static StorageException unreachable(TargetUri uri, SystemCallException e) {
    return storage(
        uri.toString(), e, "check that the path is right and that this user may open it");
  }

  static StorageException storage(String what, SystemCallException e, String remedy) {
    ErrorCode code = Errno.isFull(e.errno()) ? ErrorCode.TARGET_FULL : ErrorCode.STORAGE;
    return new StorageException(code, what, e.getMessage(), remedy, e);
  }

  private static <E extends StillframeException> E closing(Descriptor descriptor, E failure) {
    try {
      descriptor.close();
    } catch (SystemCallException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }
}
