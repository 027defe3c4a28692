/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.spi.support.AbstractStateFile;

/** A file or block device whose queues are rings. */
final class UringStateFile extends AbstractStateFile {
  private final Kernel kernel;
  private final SystemCalls calls;
  private final OpenedFiles files;

  /** Null where the page cache takes everything as it comes. */
  private final DirectAlignment direct;

  /**
   * Opens a target.
   *
   * @throws IOException if the system refuses; nothing is left open then
   */
  UringStateFile(Kernel kernel, Target target, OpenMode mode, boolean direct) throws IOException {
    super(target, mode);
    this.kernel = kernel;
    calls = kernel.calls();
    this.direct = direct ? DirectAlignment.of(target, calls.pageSize()) : null;
    files = OpenedFiles.of(calls, target, mode, direct);
  }

  @Override
  protected long measure() throws IOException {
    int fd = files.descriptor(OpenedFiles.MAIN);
    if (target().kind() == TargetKind.BLOCK) {
      return checked("ioctl BLKGETSIZE64", calls.deviceSize(fd));
    }
    return checked("statx", calls.fileSize(fd));
  }

  @Override
  public int memoryAlignment() {
    return direct == null ? 1 : direct.memory();
  }

  @Override
  public int offsetAlignment() {
    return direct == null ? 1 : direct.granule();
  }

  @Override
  protected IoQueue newQueue(int depth, List<ByteBuffer> buffers) throws IOException {
    Ring ring = kernel.newRing(depth);
    try {
      // The page cache is reached by a copy, which gains nothing by pages that are held in place.
      List<ByteBuffer> worthwhile = direct == null ? List.of() : buffers;
      Registration registration = new Registration(calls, ring.descriptor(), files, worthwhile);
      Pieces pieces =
          direct == null ? new WholePieces() : new DirectPieces(calls, files, direct, depth);
      return new UringQueue(calls, files, pieces, ring, registration, depth, isWritable());
    } catch (RuntimeException | Error e) {
      ring.close();
      throw e;
    }
  }

  @Override
  protected void resize(long size) throws IOException {
    checked("ftruncate", calls.truncate(files.descriptor(OpenedFiles.MAIN), size));
  }

  @Override
  protected void flush() throws IOException {
    checked("fsync", calls.sync(files.descriptor(OpenedFiles.MAIN)));
  }

  @Override
  protected void release() throws IOException {
    files.close();
  }

  private long checked(String call, long result) throws IOException {
    if (result < 0) {
      throw calls.failure(call, result);
    }
    return result;
  }
}
