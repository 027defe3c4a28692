/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.stillframe.testguest.BootSector.Mode;

/** Small guests that write to all of their memory and verify it, and the path of an image. */
abstract class GuestFixture {
  @TempDir Path directory;
  Guests guests;
  Path image;

  @BeforeEach
  void describe() throws IOException {
    guests = new Guests(directory, Mode.REWRITE);
    image = directory.resolve("vm.image");
  }
}
