/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.stillframe.error.StillframeException;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.StreamInput;
import org.stillframe.stream.StreamListener;
import org.stillframe.stream.StreamParser;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/**
 * An image of the layout stream is QEMU's own stream, in both directions; and the guest's verdict
 * is worth something.
 */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class PlainQemuTest extends GuestFixture {
  /** Well inside of what the guest fills. */
  private static final long ALTERED_ADDRESS = 0x1000000;

  @ParameterizedTest
  @EnumSource(QemuVersions.class)
  void plainQemuLoadsAnImage(QemuVersions version) throws IOException {
    try (QemuProcess qemu = guests.running(version, "source")) {
      CommandRun.save(qemu.qmpSocket(), image, "--format", "stream").done();
    }
    try (QemuProcess qemu =
        guests.qemu(version, "restored").incoming("exec:cat " + image).start()) {
      qemu.awaitVerifiedRounds(2);
      assertFalse(qemu.serialText().contains("filled"), "has not started anew");
    }
  }

  @ParameterizedTest
  @EnumSource(QemuVersions.class)
  void streamOfPlainQemuIsAnImage(QemuVersions version) throws IOException {
    try (QemuProcess qemu = guests.running(version, "source");
        Monitor monitor = new Monitor(qemu.qmpSocket())) {
      monitor.migrate("exec:cat > " + image);
      monitor.awaitMigration("completed");
    }
    try (QemuProcess qemu = guests.waiting(version, "restored")) {
      CommandRun.restore(qemu.qmpSocket(), "file:" + image).done();
      qemu.awaitVerifiedRounds(2);
    }
  }

  @Test
  void guestFindsOneWrongBitInAnImage() throws Exception {
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        monitor.execute("{'execute':'stop'}");
      }
      CommandRun.save(qemu.qmpSocket(), image, "--format", "stream").done();
    }
    flipOneBit(lastRecordOf("pc.ram", ALTERED_ADDRESS) + 1000);
    try (QemuProcess qemu = guests.waiting(QemuVersions.QEMU_10, "restored")) {
      CommandRun.restore(qemu.qmpSocket(), image, "--running").done();
      AssertionError error = assertThrows(AssertionError.class, () -> qemu.awaitVerifiedRounds(2));
      assertTrue(error.getMessage().contains("BAD 00000000010003E8"), error.getMessage());
    }
  }

  /** Where in the image the content of a page begins that counts. */
  private long lastRecordOf(String block, long address) throws Exception {
    long[] found = {-1};
    Iterator<ByteBuffer> chunks = List.of(ByteBuffer.wrap(Files.readAllBytes(image))).iterator();
    new StreamParser()
        .parse(
            new StreamInput(() -> chunks.hasNext() ? chunks.next() : null),
            new StreamListener() {
              @Override
              public void page(RamBlock of, long offset, StreamInput data)
                  throws StillframeException {
                if (of.name().equals(block) && offset == address) {
                  found[0] = data.position();
                }
              }
            });
    assertNotEquals(-1, found[0], "the page is in the image");
    return found[0];
  }

  private void flipOneBit(long position) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.seek(position);
      int value = file.read();
      file.seek(position);
      file.write(value ^ 1);
    }
  }
}
