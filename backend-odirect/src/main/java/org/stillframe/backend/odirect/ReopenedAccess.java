/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import java.nio.ByteBuffer;
import org.stillframe.spi.SystemCallException;

/**
 * Descriptors of our own: one with O_DIRECT, and one without for edges. Nobody else can change
 * their flags.
 */
final class ReopenedAccess implements DirectAccess {
  private static final int NONE = -1;

  private final OdirectNative natives;
  private final int direct;
  private final int edges;

  private ReopenedAccess(OdirectNative natives, int direct, int edges) {
    this.natives = natives;
    this.direct = direct;
    this.edges = edges;
  }

  /** Takes a descriptor that was opened with O_DIRECT for reading alone. */
  static ReopenedAccess forReading(OdirectNative natives, int direct) {
    return new ReopenedAccess(natives, direct, NONE);
  }

  /** Takes one that was opened with O_DIRECT for writing, and another without. */
  static ReopenedAccess forWriting(OdirectNative natives, int direct, int edges) {
    return new ReopenedAccess(natives, direct, edges);
  }

  @Override
  public long read(ByteBuffer buffer, long length, long offset) {
    return natives.answer(natives.posix().pread(direct, buffer, length, offset));
  }

  @Override
  public long write(ByteBuffer buffer, long length, long offset) {
    return natives.answer(natives.posix().pwrite(direct, buffer, length, offset));
  }

  @Override
  public long writeEdge(ByteBuffer buffer, long length, long offset) {
    return natives.writeEdge(edges, buffer, length, offset);
  }

  @Override
  public int descriptor() {
    return direct;
  }

  @Override
  public void requireDirect() {}

  @Override
  public void close() throws SystemCallException {
    try {
      if (edges != NONE) {
        natives.close(edges);
      }
    } finally {
      natives.close(direct);
    }
  }
}
