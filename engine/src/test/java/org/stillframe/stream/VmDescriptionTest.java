/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.error.StillframeException;

/** Lengths out of the closing description, and what becomes of a stream they do not fit. */
class VmDescriptionTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'size': 12                                                                 | 12
          'fields': []                                                               | 0
          'fields': [{'size': 4}, {'size': 2, 'array_len': 3}]                       | 10
          'fields': [{'size': 4, 'struct': {'fields': [{'size': 4}]}}]               | 4
          'fields': [], 'subsections': [{'vmsd_name': 'ab', 'fields': [{'size': 1}]}] | 9
          'fields': [{'size': 1}], 'subsections': [{'vmsd_name': 'a', 'fields': [], \
          'subsections': [{'vmsd_name': 'b', 'fields': [{'size': 5}]}]}]             | 20
          'version': 1                                                               | -1
          'size': -5                                                                 | -5
          'fields': [{'size': -4}]                                                   | -1
          'fields': [{'size': 1.5}]                                                  | -1
          'fields': [{'size': 1e400}]                                                | -1
          'fields': [{'size': '4'}]                                                  | -1
          'fields': [{}]                                                             | -1
          'fields': [{'size': 4294967296, 'array_len': 4294967296}]                  | -1
          'fields': [{'size': 9223372036854775807}, {'size': 1}]                     | -1
          'fields': [{'size': 99999999999999999999}]                                 | -1
          'fields': [], 'subsections': [{'fields': []}]                              | -1
          """,
      quoteCharacter = '"')
  void addsUpTheFields(String device, long length) throws Exception {
    String json = "{'devices': [{'name': 'd', " + device + "}]}";
    byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    VmDescription description = VmDescription.parse(bytes, 0, bytes.length, 0);
    assertEquals(new VmDescription.Device("d", 0, length), description.devices().get(0), device);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // no device
        "timer:0:3", // one too few
        "timer:0:3 cpu:1:1 more:0:0",
        "timer:0:2 cpu:1:1",
        "timer:0:4 cpu:1:1",
        "timer:0:3 cpu:2:1",
        "timer:0:3 cqu:1:1",
        "timer:0:-1 cpu:1:1",
        "timer:0:9223372036854775807 cpu:1:1",
      })
  void takesAStreamWhoseSectionsDoNotFit(String list) throws Exception {
    StreamBuilder devices = new StreamBuilder();
    for (String device : list.isEmpty() ? new String[0] : list.split(" ")) {
      String[] part = device.split(":");
      devices.text(devices.length() == 0 ? "" : ", ");
      devices.text(
          StreamBuilder.device(part[0], Integer.parseInt(part[1]), Long.parseLong(part[2])));
    }
    String text = new String(devices.bytes(), StandardCharsets.UTF_8);
    ImageSummary summary = parse(text);
    assertFalse(summary.devicesWalked());
    assertTrue(summary.deviceSections().isEmpty());
    assertEquals(list.isEmpty() ? 0 : list.split(" ").length, summary.deviceNames().size());
  }

  @Test
  void walksTheStreamThoseAreVariantsOf() throws Exception {
    String devices = StreamBuilder.device("timer", 0, 3) + "," + StreamBuilder.device("cpu", 1, 1);
    assertEquals("", parse(devices).notWalked());
  }

  private static ImageSummary parse(String devices) throws StillframeException {
    byte[] stream =
        StreamBuilder.paged()
            .full(7, "timer", 0, (byte) 1, (byte) 2, (byte) 3)
            .full(8, "cpu", 1, (byte) 9)
            .close(StreamBuilder.description(devices))
            .bytes();
    return new StreamParser().parse(Chunks.input(stream, 64), new StreamListener() {});
  }
}
