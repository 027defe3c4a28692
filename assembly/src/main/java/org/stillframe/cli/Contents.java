/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.stillframe.stream.BlockSummary;
import org.stillframe.stream.DeviceSection;
import org.stillframe.stream.ImageSummary;

/** What an image holds, in words and as JSON. */
final class Contents {
  private Contents() {}

  static String guest(ImageSummary contents) {
    return contents.configuration().machine();
  }

  static String ram(ImageSummary contents) {
    long length = 0;
    long data = 0;
    long zero = 0;
    for (BlockSummary counts : contents.blocks()) {
      length += counts.block().usedLength();
      data += counts.dataPages() + counts.encodedPages();
      zero += counts.zeroPages();
    }
    String form =
        contents.configuration().mappedRam()
            ? "%s in %d blocks; %d pages stored and %d zero pages"
            : "%s in %d blocks; sent %d data pages and %d zero pages";
    return form.formatted(Amounts.bytes(length), contents.blocks().size(), data, zero);
  }

  static List<String> table(ImageSummary contents) {
    List<String> lines = new ArrayList<>();
    lines.add("  machine    " + guest(contents));
    lines.add(
        "  stream     version " + contents.version() + ", " + contents.totalBytes() + " bytes");
    lines.add("  page size  " + contents.configuration().pageSize());
    if (!contents.configuration().capabilities().isEmpty()) {
      lines.add("  saved with " + String.join(", ", contents.configuration().capabilities()));
    }
    contents.configuration().uuid().ifPresent(uuid -> lines.add("  uuid       " + uuid));
    lines.add("");
    lines.add("  %-32s %15s %11s %11s".formatted("RAM block", "bytes", "data pages", "zero pages"));
    for (BlockSummary counts : contents.blocks()) {
      lines.add(
          "  %-32s %15d %11d %11d"
              .formatted(
                  counts.block().name(),
                  counts.block().usedLength(),
                  counts.dataPages() + counts.encodedPages(),
                  counts.zeroPages()));
      counts
          .placement()
          .ifPresent(
              at ->
                  lines.add(
                      "    bitmap at %d, pages at %d"
                          .formatted(at.bitmapOffset(), at.pagesOffset())));
    }
    lines.add("");
    if (contents.devicesWalked()) {
      lines.add("  %-48s %8s %11s".formatted("device section", "version", "bytes"));
      for (DeviceSection section : sections(contents)) {
        lines.add(
            "  %-48s %8d %11d".formatted(label(section), section.version(), section.length()));
      }
    } else {
      lines.add("  device sections (lengths unknown: " + contents.notWalked() + ")");
      contents.deviceNames().forEach(name -> lines.add("  " + name));
    }
    return lines;
  }

  private static String label(DeviceSection section) {
    return section.instanceId() == 0
        ? section.name()
        : section.name() + " #" + section.instanceId();
  }

  private static List<DeviceSection> sections(ImageSummary contents) {
    List<DeviceSection> all = new ArrayList<>(contents.earlySections());
    all.addAll(contents.deviceSections());
    return all;
  }

  static JsonObject json(ImageSummary contents) {
    JsonObject object = new JsonObject();
    object.addProperty("machine", guest(contents));
    object.addProperty("streamVersion", contents.version());
    object.addProperty("pageSize", contents.configuration().pageSize());
    object.addProperty("bytes", contents.totalBytes());
    JsonArray capabilities = new JsonArray();
    contents.configuration().capabilities().forEach(capabilities::add);
    object.add("capabilities", capabilities);
    contents.configuration().uuid().ifPresent(uuid -> object.addProperty("uuid", uuid.toString()));
    JsonArray blocks = new JsonArray();
    for (BlockSummary counts : contents.blocks()) {
      JsonObject block = new JsonObject();
      block.addProperty("name", counts.block().name());
      block.addProperty("bytes", counts.block().usedLength());
      block.addProperty("dataPages", counts.dataPages());
      block.addProperty("zeroPages", counts.zeroPages());
      block.addProperty("encodedPages", counts.encodedPages());
      counts
          .placement()
          .ifPresent(
              at -> {
                block.addProperty("bitmapOffset", at.bitmapOffset());
                block.addProperty("pagesOffset", at.pagesOffset());
              });
      blocks.add(block);
    }
    object.add("blocks", blocks);
    JsonArray devices = new JsonArray();
    if (contents.devicesWalked()) {
      for (DeviceSection section : sections(contents)) {
        JsonObject device = new JsonObject();
        device.addProperty("name", section.name());
        device.addProperty("instance", section.instanceId());
        device.addProperty("version", section.version());
        device.addProperty("offset", section.offset());
        device.addProperty("bytes", section.length());
        devices.add(device);
      }
    } else {
      object.addProperty("devicesNotWalked", contents.notWalked());
      contents
          .deviceNames()
          .forEach(
              name -> {
                JsonObject device = new JsonObject();
                device.addProperty("name", name);
                devices.add(device);
              });
    }
    object.add("devices", devices);
    return object;
  }
}
