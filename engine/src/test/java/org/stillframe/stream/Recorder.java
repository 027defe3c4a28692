/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.stillframe.error.StillframeException;

/** Writes down what it is told and rebuilds RAM from it. */
final class Recorder implements StreamListener {
  final List<String> told = new ArrayList<>();
  final Map<String, ByteBuffer> ram = new LinkedHashMap<>();

  @Override
  public void configuration(Configuration configuration) {
    told.add("configuration " + configuration.machine());
  }

  @Override
  public void ramBlocks(List<RamBlock> blocks) {
    for (RamBlock block : blocks) {
      told.add("block " + block.index() + " " + block.name() + " " + block.usedLength());
      ram.put(block.name(), ByteBuffer.allocate((int) block.usedLength()));
    }
  }

  @Override
  public void page(RamBlock block, long offset, StreamInput data) throws StillframeException {
    ByteBuffer page = ram.get(block.name()).duplicate().position((int) offset);
    data.copyTo(page.limit((int) offset + StreamBuilder.PAGE));
    told.add("page " + block.name() + " " + offset);
  }

  @Override
  public void zeroPage(RamBlock block, long offset) {
    ram.get(block.name()).duplicate().position((int) offset).put(new byte[StreamBuilder.PAGE]);
    told.add("zero " + block.name() + " " + offset);
  }

  @Override
  public void encodedPage(RamBlock block, long offset, PageEncoding encoding) {
    told.add(encoding.capability() + " " + block.name() + " " + offset);
  }

  @Override
  public void earlySection(String name, long instance, byte[] bytes) {
    told.add(
        "early " + name + " " + instance + " " + new String(bytes, StandardCharsets.ISO_8859_1));
  }

  @Override
  public void ramEnd() {
    told.add("end");
  }

  @Override
  public void devices(long offset) {
    told.add("devices " + offset);
  }
}
