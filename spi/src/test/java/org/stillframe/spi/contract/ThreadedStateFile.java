/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.Target;
import org.stillframe.spi.support.AbstractStateFile;

/** A target that is opened once more. Thread-safe. */
final class ThreadedStateFile extends AbstractStateFile {
  private final RandomAccessFile file;
  private final Mistake mistake;

  ThreadedStateFile(Target target, OpenMode mode, Mistake mistake) throws IOException {
    super(target, mode);
    this.mistake = mistake;
    if (isWritable()) {
      requireWritable(target.descriptor());
    }
    file = new RandomAccessFile("/proc/self/fd/" + target.descriptor(), isWritable() ? "rw" : "r");
  }

  /** The system would open for writing again what was opened for reading. */
  private static void requireWritable(int descriptor) throws IOException {
    Path facts = Path.of("/proc/self/fdinfo/" + descriptor);
    if (Files.readAllLines(facts).stream().anyMatch(line -> line.matches("flags:.*0"))) {
      throw new IOException("descriptor " + descriptor + " is open for reading alone");
    }
  }

  @Override
  public int memoryAlignment() {
    return 1;
  }

  @Override
  public int offsetAlignment() {
    return 1;
  }

  @Override
  protected long measure() throws IOException {
    return file.getChannel().size();
  }

  @Override
  protected IoQueue newQueue(int depth, List<ByteBuffer> buffers) {
    return new ThreadedQueue(file.getChannel(), depth, isWritable(), buffers, mistake);
  }

  @Override
  protected void resize(long size) throws IOException {
    file.setLength(size);
  }

  @Override
  protected void flush() throws IOException {
    file.getChannel().force(true);
  }

  @Override
  protected void release() throws IOException {
    file.close();
  }
}
