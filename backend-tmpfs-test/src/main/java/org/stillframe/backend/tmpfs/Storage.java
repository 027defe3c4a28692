/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.stillframe.spi.SystemCallException;

/**
 * The disk: files by their identity, and the power that can be cut. Thread-safe; {@link Handle}s
 * lock it.
 */
final class Storage {
  private final Medium.Source source;
  private final Faults faults;

  // In the order of their opening: a tear by chance must not depend on their numbers.
  private final Map<Object, StoredFile> files = new LinkedHashMap<>();
  private long cuts;
  private String cause;

  Storage(Medium.Source source, Faults faults) {
    this.source = source;
    this.faults = faults;
  }

  /**
   * Opens a file.
   *
   * @param link the descriptor's entry under /proc/self/fd
   */
  synchronized Handle open(Path link, boolean writable, boolean readable) throws IOException {
    requirePower(cuts, Operation.OPEN);
    Object key = Files.readAttributes(link, BasicFileAttributes.class).fileKey();
    StoredFile file = files.get(key);
    if (file == null) {
      file = begin(source.open(key, link.toString(), writable), writable);
      files.put(key, file);
    } else if (writable && !file.isWritable()) {
      Medium old = file.medium();
      file.replace(source.open(key, link.toString(), true), true);
      old.close();
    }
    file.use();
    return new Handle(this, file, cuts, readable);
  }

  private static StoredFile begin(Medium medium, boolean writable) throws IOException {
    try {
      return new StoredFile(medium, writable);
    } catch (IOException e) {
      medium.close();
      throw e;
    }
  }

  /**
   * Refuses a call without power, or of somebody who was there before it was cut.
   *
   * @param seen how many cuts there had been when the caller came
   */
  synchronized void requirePower(long seen, Operation operation) throws SystemCallException {
    if (cause != null) {
      throw Errno.EIO.failureOf(operation.call(), ": the power was cut " + cause);
    }
    if (seen != cuts) {
      throw Errno.EIO.failureOf(
          operation.call(), ": the power was cut since this was opened; open it again");
    }
  }

  synchronized void cutPower(String why) throws IOException {
    if (cause != null) {
      return;
    }
    cuts++;
    cause = why;
    Tear tear = faults.tear(cuts);
    for (StoredFile file : files.values()) {
      file.journal().rollBack(tear);
    }
    letGo();
  }

  synchronized void powerOn() {
    cause = null;
  }

  /** Closes what nobody uses and no power cut would change. */
  synchronized void letGo() throws IOException {
    for (Iterator<StoredFile> each = files.values().iterator(); each.hasNext(); ) {
      StoredFile file = each.next();
      if (file.isIdle()) {
        each.remove();
        file.medium().close();
      }
    }
  }

  synchronized byte[] content(Path path) throws IOException {
    Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    Medium medium = source.open(key, path.toString(), false);
    try {
      byte[] content = new byte[Math.toIntExact(medium.size())];
      medium.read(ByteBuffer.wrap(content), 0);
      return content;
    } finally {
      medium.close();
    }
  }

  /** Forgets what was written and not synced: it stays as it is. */
  synchronized void close() throws IOException {
    for (StoredFile file : files.values()) {
      file.journal().synced();
    }
    letGo();
    source.close();
  }
}
