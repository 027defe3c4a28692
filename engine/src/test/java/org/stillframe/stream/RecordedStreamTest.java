/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.error.DamagedException;

/** The parser against a stream that QEMU 10.0.2 wrote; the resource's README says which guest. */
class RecordedStreamTest {
  private static final long DEVICES = 506_200;

  private final byte[] stream = resource();

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 4096, 1 << 20})
  void rebuildsRamWhateverTheChunks(int size) throws Exception {
    Recorder recorder = new Recorder();
    ImageSummary summary = new StreamParser().parse(Chunks.input(stream, size), recorder);

    assertEquals(
        Map.of(
            "pc.ram", "b8160389f99f4838",
            "/rom@etc/acpi/tables", "cd3eb36e4afd4897",
            "pc.bios", "328ee0205b22b3ed",
            "pc.rom", "fa43239bcee7b97c",
            "/rom@etc/table-loader", "2077b57efb7a7a9b",
            "/rom@etc/acpi/rsdp", "a4b7b24d6655dc63"),
        recorder.ram.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> digest(e.getValue().array()))));
    assertEquals("configuration pc-q35-10.0", recorder.told.get(0));
    assertEquals(
        List.of("end", "devices " + DEVICES),
        recorder.told.subList(recorder.told.size() - 2, recorder.told.size()));
    check(summary);
  }

  @Test
  void countsTheSameWhenNobodyReadsThePages() throws Exception {
    check(new StreamParser().parse(Chunks.input(stream, 65_536), new StreamListener() {}));
  }

  private void check(ImageSummary summary) {
    assertEquals(
        List.of("69 955 0", "3 29 0", "47 17 0", "0 32 0", "1 0 0", "1 0 0"),
        summary.blocks().stream()
            .map(b -> b.dataPages() + " " + b.zeroPages() + " " + b.encodedPages())
            .toList());
    assertEquals("", summary.notWalked());
    assertEquals(DEVICES, summary.devicesOffset());
    assertEquals(538_711, summary.endOffset());
    assertEquals(stream.length, summary.totalBytes());
    List<DeviceSection> sections = summary.deviceSections();
    assertEquals(29, sections.size());
    assertEquals(
        new DeviceSection("timer", 0, 2, DEVICES + 19, 24), sections.get(0), "the first device");
    assertEquals("globalstate", sections.get(28).name());
    long at = DEVICES;
    for (DeviceSection section : sections) {
      assertEquals(at, section.sectionOffset(), section.name());
      at += section.sectionLength();
    }
    assertEquals(summary.endOffset(), at);
    assertEquals(sections.stream().map(DeviceSection::name).toList(), summary.deviceNames());
  }

  @Test
  void refusesItCutAnywhere() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 400; i++) {
      // Half of the cuts fall into the device part and the description, where it is hardest to see.
      int cut =
          i % 2 == 0
              ? random.nextInt(stream.length)
              : (int) DEVICES + random.nextInt(stream.length - (int) DEVICES);
      DamagedException e =
          assertThrows(
              DamagedException.class,
              () ->
                  new StreamParser()
                      .parse(Chunks.input(stream, cut, 65_536), new StreamListener() {}),
              "seed " + seed + ", cut at " + cut);
      assertTrue(e.what().contains("byte"), e.getMessage());
    }
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] resource() {
    try (InputStream in =
        new GZIPInputStream(
            RecordedStreamTest.class.getResourceAsStream("q35-qemu-10.0.stream.gz"))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
