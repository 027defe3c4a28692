/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Files in memory, each beginning as a copy of the real one. The real ones are kept open, for the
 * system would give their numbers to others once they are deleted. Guarded by its user.
 */
final class MemoryMedia implements Medium.Source {
  private record Copy(FileMedium original, MemoryMedium memory) {}

  private final Map<Object, Copy> copies = new HashMap<>();

  @Override
  public Medium open(Object key, String link, boolean writable) throws IOException {
    Copy known = copies.get(key);
    if (known == null) {
      known = copy(new FileMedium(link, false));
      copies.put(key, known);
    }
    return known.memory();
  }

  private static Copy copy(FileMedium original) throws IOException {
    try {
      MemoryMedium memory = new MemoryMedium();
      ByteBuffer piece = ByteBuffer.allocate(1 << 16);
      do {
        original.read(piece.clear(), memory.size());
        memory.write(piece.flip(), memory.size());
      } while (piece.limit() > 0);
      return new Copy(original, memory);
    } catch (IOException e) {
      original.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    for (Copy copy : copies.values()) {
      copy.original().close();
    }
    copies.clear();
  }
}
