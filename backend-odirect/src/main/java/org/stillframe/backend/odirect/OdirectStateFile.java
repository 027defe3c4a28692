/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import jnr.posix.FileStat;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.spi.support.AbstractStateFile;
import org.stillframe.spi.support.SynchronousIoQueue;

/** A file or block device that is open for direct I/O. */
final class OdirectStateFile extends AbstractStateFile {
  private final OdirectNative natives;
  private final DirectAccess access;
  private final Geometry geometry;

  OdirectStateFile(OdirectNative natives, Target target, OpenMode mode, DirectAccess access) {
    super(target, mode);
    this.natives = natives;
    this.access = access;
    geometry = Geometry.of(target, natives.pageSize());
  }

  @Override
  protected long measure() throws SystemCallException {
    if (target().kind() == TargetKind.BLOCK) {
      // Its st_size is 0; and lseek(2) would move a position that may be the caller's.
      ByteBuffer size = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
      long request = KernelNumbers.OWN.deviceSize();
      if (natives.libc().ioctl(access.descriptor(), request, size) != 0) {
        throw OdirectNative.failure("ioctl(BLKGETSIZE64)", natives.errno());
      }
      return size.getLong(0);
    }
    // Not fstat(int), whose failure would be a RuntimeException.
    FileStat stat = natives.posix().allocateStat();
    if (natives.posix().fstat(access.descriptor(), stat) != 0) {
      throw OdirectNative.failure("fstat", natives.errno());
    }
    return stat.st_size();
  }

  @Override
  public int memoryAlignment() {
    return geometry.memory();
  }

  @Override
  public int offsetAlignment() {
    return geometry.granule();
  }

  @Override
  protected IoQueue newQueue(int depth, List<ByteBuffer> buffers) {
    DirectTransfer transfer = new DirectTransfer(access, geometry, this::measure);
    return new SynchronousIoQueue(transfer, depth, isWritable());
  }

  @Override
  protected void resize(long size) throws IOException {
    if (natives.posix().ftruncate(access.descriptor(), size) != 0) {
      throw OdirectNative.failure("ftruncate", natives.errno());
    }
  }

  @Override
  protected void flush() throws IOException {
    // Edges too: they lie in the page cache of the same inode.
    if (natives.posix().fsync(access.descriptor()) != 0) {
      throw OdirectNative.failure("fsync", natives.errno());
    }
    access.requireDirect();
  }

  @Override
  protected void release() throws IOException {
    access.close();
  }
}
