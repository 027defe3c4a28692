/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.io.IOException;

/** One file, whoever has it open. Guarded by the storage. */
final class StoredFile {
  private Medium medium;
  private UndoJournal journal;
  private boolean writable;
  private int users;

  StoredFile(Medium medium, boolean writable) throws IOException {
    replace(medium, writable);
  }

  /** Goes on with a medium that allows more; nothing was written to the one before. */
  void replace(Medium better, boolean nowWritable) throws IOException {
    medium = better;
    journal = new UndoJournal(better);
    writable = nowWritable;
  }

  Medium medium() {
    return medium;
  }

  UndoJournal journal() {
    return journal;
  }

  boolean isWritable() {
    return writable;
  }

  void use() {
    users++;
  }

  void leave() {
    users--;
  }

  /** Whether it can be let go: what a power cut would take back is not forgotten. */
  boolean isIdle() {
    return users == 0 && journal.isEmpty();
  }
}
