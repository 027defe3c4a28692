/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi;

import java.util.Objects;

/**
 * A place that holds an image or is to hold one, and what fstat(2), statfs(2) and statx(2) said of
 * it. Backends do not guess what stands here. Immutable.
 */
public final class Target {
  /** The value of {@link #descriptor()} when nothing is open yet. */
  public static final int NO_DESCRIPTOR = -1;

  private final String name;
  private final int descriptor;
  private final TargetKind kind;
  private final long size;
  private final int blockSize;
  private final String fileSystem;
  private final int directMemoryAlignment;
  private final int directOffsetAlignment;

  private Target(Builder builder) {
    name = builder.name;
    kind = builder.kind;
    descriptor = builder.descriptor;
    size = builder.size;
    blockSize = builder.blockSize;
    fileSystem = builder.fileSystem;
    directMemoryAlignment = builder.directMemoryAlignment;
    directOffsetAlignment = builder.directOffsetAlignment;
  }

  /** Starts a target: {@code name} is what messages call it, for example {@code file:/srv/a}. */
  public static Builder builder(String name, TargetKind kind) {
    return new Builder(name, kind);
  }

  /** What messages call it: a path, or {@code fd:N}. */
  public String name() {
    return name;
  }

  /**
   * The open file descriptor, owned by the caller: a backend does not close it. {@link
   * #NO_DESCRIPTOR} where a target is only appraised and does not exist yet.
   */
  public int descriptor() {
    return descriptor;
  }

  /** What fstat(2) said it is. */
  public TargetKind kind() {
    return kind;
  }

  /** Size in bytes of a regular file or block device; 0 for the other kinds. */
  public long size() {
    return size;
  }

  /** The preferred block size of st_blksize, in bytes; at least 1. */
  public int blockSize() {
    return blockSize;
  }

  /** The file system's name, for example {@code ext4}; empty if unknown or not a file. */
  public String fileSystem() {
    return fileSystem;
  }

  /**
   * The alignment in bytes that buffers need for direct I/O, by statx(2) STATX_DIOALIGN; 0 if the
   * kernel says that direct I/O is impossible; -1 if it does not say.
   */
  public int directMemoryAlignment() {
    return directMemoryAlignment;
  }

  /** As {@link #directMemoryAlignment()}, for offsets and lengths. */
  public int directOffsetAlignment() {
    return directOffsetAlignment;
  }

  @Override
  public String toString() {
    return name + " (" + kind.label() + (fileSystem.isEmpty() ? "" : ", " + fileSystem) + ")";
  }

  /** Collects the facts of a target. Not thread-safe. */
  public static final class Builder {
    private final String name;
    private final TargetKind kind;
    private int descriptor = NO_DESCRIPTOR;
    private long size;
    private int blockSize = 4096;
    private String fileSystem = "";
    private int directMemoryAlignment = -1;
    private int directOffsetAlignment = -1;

    private Builder(String name, TargetKind kind) {
      this.name = Objects.requireNonNull(name, "name");
      this.kind = Objects.requireNonNull(kind, "kind");
    }

    /** Sets {@link Target#descriptor()}. */
    public Builder descriptor(int value) {
      descriptor = value;
      return this;
    }

    /** Sets {@link Target#size()}. */
    public Builder size(long value) {
      size = value;
      return this;
    }

    /** Sets {@link Target#blockSize()}. */
    public Builder blockSize(int value) {
      blockSize = Math.max(1, value);
      return this;
    }

    /** Sets {@link Target#fileSystem()}. */
    public Builder fileSystem(String value) {
      fileSystem = Objects.requireNonNull(value, "fileSystem");
      return this;
    }

    /** Sets both alignments for direct I/O; 0 for impossible, -1 for unknown. */
    public Builder directAlignment(int memory, int offset) {
      directMemoryAlignment = memory;
      directOffsetAlignment = offset;
      return this;
    }

    /** Makes the target. */
    public Target build() {
      return new Target(this);
    }
  }
}
