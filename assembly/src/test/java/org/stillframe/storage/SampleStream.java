/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.storage;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** A sound migration stream of a guest with some RAM and one small device. */
public final class SampleStream {
  private static final int PAGE = 4096;
  private static final int RAM = 2;
  private static final int DEVICE = 7;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  private SampleStream() {}

  /** The stream; the seed decides what is in the pages. */
  public static byte[] of(long seed, int pages) {
    try {
      SampleStream stream = new SampleStream();
      stream.head(pages);
      stream.pages(new SplittableRandom(seed), pages);
      stream.device();
      return stream.bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void head(int pages) throws IOException {
    String machine = "pc-q35-10.0";
    out.writeInt(0x5145564d);
    out.writeInt(3);
    out.writeByte(7);
    out.writeInt(machine.length());
    out.writeBytes(machine);
    section(1, RAM, "ram", 4);
    out.writeLong((long) pages * PAGE | 4);
    name("pc.ram");
    out.writeLong((long) pages * PAGE);
    endOfRam();
  }

  private void pages(SplittableRandom random, int pages) throws IOException {
    out.writeByte(2);
    out.writeInt(RAM);
    byte[] page = new byte[PAGE];
    for (int i = 0; i < pages; i++) {
      out.writeLong((long) i * PAGE | 8 | (i == 0 ? 0 : 0x20));
      if (i == 0) {
        name("pc.ram");
      }
      random.nextBytes(page);
      out.write(page);
    }
    endOfRam();
    out.writeByte(3);
    out.writeInt(RAM);
    endOfRam();
  }

  private void device() throws IOException {
    section(4, DEVICE, "timer", 1);
    out.write(new byte[] {1, 2, 3});
    footer(DEVICE);
    out.writeByte(0);
    out.writeByte(6);
    byte[] description =
        ("{\"configuration\": {\"a\": [1]}, \"page_size\": 4096, \"devices\": [{\"name\": \"timer\","
                + " \"instance_id\": 0, \"vmsd_name\": \"timer\", \"version\": 1, \"fields\":"
                + " [{\"name\": \"x\", \"type\": \"buffer\", \"size\": 3}]}]}")
            .getBytes(StandardCharsets.UTF_8);
    out.writeInt(description.length);
    out.write(description);
  }

  private void section(int type, int id, String name, int version) throws IOException {
    out.writeByte(type);
    out.writeInt(id);
    name(name);
    out.writeInt(0);
    out.writeInt(version);
  }

  private void name(String name) throws IOException {
    out.writeByte(name.length());
    out.writeBytes(name);
  }

  private void endOfRam() throws IOException {
    out.writeLong(0x10);
    footer(RAM);
  }

  private void footer(int id) throws IOException {
    out.writeByte(0x7e);
    out.writeInt(id);
  }
}
