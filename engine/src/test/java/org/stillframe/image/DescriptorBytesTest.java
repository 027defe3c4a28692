/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.stillframe.channel.Supervision;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.system.Descriptor;
import org.stillframe.system.FileCalls;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.SystemCalls;

class DescriptorBytesTest {
  @Test
  void dataBehindAHoleIsFoundInRegularFilesAlone(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("file");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(64 << 20);
      file.seek(32 << 20);
      file.write(1);
    }
    SystemCalls system = new SystemCalls();
    FileCalls files = new FileCalls(system);
    try (Descriptor open = system.open(path, OpenFlags.READ_ONLY, 0)) {
      Target regular =
          Target.builder("file:a", TargetKind.REGULAR).descriptor(open.number()).build();
      DescriptorBytes bytes = new DescriptorBytes(files, regular, () -> {});
      assertEquals(32 << 20, bytes.data(1 << 20));
      assertEquals(-1, bytes.data(48 << 20));
      Target device = Target.builder("file:a", TargetKind.BLOCK).descriptor(open.number()).build();
      assertEquals(-1, new DescriptorBytes(files, device, () -> {}).data(0));
    }
  }

  @Test
  void nothingIsReadForWhomeverGivesUp() {
    Target target = Target.builder("file:a", TargetKind.REGULAR).descriptor(-1).build();
    Supervision.Watch watch =
        () -> {
          throw new CancelledException(ErrorCode.CANCELLED, "look", "cancelled", "");
        };
    DescriptorBytes bytes = new DescriptorBytes(new FileCalls(new SystemCalls()), target, watch);
    ByteBuffer buffer = ByteBuffer.allocateDirect(8);
    assertThrows(CancelledException.class, () -> bytes.read(0, buffer));
  }
}
