/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.stillframe.error.DamagedException;
import org.stillframe.error.RequestException;

/** The devices of a q35 machine with VGA, as QEMU 10.0 saved them by itself. */
class DeviceStatesTest {
  private static byte[] recorded() throws IOException {
    String name = "q35-qemu-10.0.devices.gz";
    try (InputStream in = new GZIPInputStream(DeviceStatesTest.class.getResourceAsStream(name))) {
      return in.readAllBytes();
    }
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
  }

  @Test
  void sectionsAreFoundByTheirHeaders() throws Exception {
    byte[] bytes = recorded();
    DeviceStates states = DeviceStates.parse(bytes);
    assertEquals(0x29 + 1, states.freeId());
    ByteBuffer part = states.devicePart(4096);
    assertEquals(ByteBuffer.wrap(bytes, 8, bytes.length - 8), part.slice(0, bytes.length - 8));
    String description = text(part).substring(bytes.length - 8);
    assertTrue(
        description.contains("{\"page_size\":4096,\"devices\":[{\"name\":\"timer\""), description);
    assertTrue(description.contains("0000:00:02.0/vga"));
    assertTrue(
        description.endsWith("{\"name\":\"globalstate\",\"instance_id\":0,\"size\":104}]}"),
        description);
  }

  @Test
  void aGuestThatStoodStillIsSaidToHaveDone() throws Exception {
    DeviceStates states = DeviceStates.parse(recorded());
    assertTrue(text(states.devicePart(4096)).contains("\0\0\0\u0008running\0"));
    states.setState("paused");
    String part = text(states.devicePart(4096));
    assertTrue(part.contains("\0\0\0\u0007paused\0\0"));
    assertTrue(!part.contains("running\0"));
  }

  @Test
  void theyTellTheGuestsTime() throws Exception {
    byte[] bytes = recorded();
    String time = DeviceStates.parse(bytes).time();
    assertEquals(2 * 24, time.length(), "ticks, what is not used, and the clock: " + time);
    // In the first section, behind the header of the stream and its own.
    bytes[8 + 5 + 6 + 8 + 20] ^= 1;
    assertNotEquals(time, DeviceStates.parse(bytes).time());
  }

  @Test
  void cutAnywhereItIsDamaged() throws Exception {
    byte[] bytes = recorded();
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      assertThrows(DamagedException.class, () -> DeviceStates.parse(cut), "at " + cut.length);
    }
  }

  @Test
  void whatHasToBeLoadedBeforeRamIsRefused() throws Exception {
    byte[] bytes = recorded();
    String name = "virtio-mem-device-early";
    ByteBuffer made = ByteBuffer.allocate(bytes.length + 100);
    made.put(bytes, 0, 8).put((byte) Wire.FULL).putInt(77).put((byte) name.length());
    made.put(name.getBytes(StandardCharsets.US_ASCII)).putInt(0).putInt(1).putInt(5);
    made.put((byte) Wire.FOOTER).putInt(77).put(bytes, 8, bytes.length - 8);
    byte[] all = Arrays.copyOf(made.array(), made.position());
    RequestException e = assertThrows(RequestException.class, () -> DeviceStates.parse(all));
    assertTrue(e.getMessage().contains("virtio-mem"), e.getMessage());
  }
}
