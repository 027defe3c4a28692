/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes streams by hand, sound and unsound ones: it checks nothing. */
final class StreamBuilder {
  static final int PAGE = 4096;
  static final int RAM = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Header and configuration of a guest with nothing special. */
  static StreamBuilder plain() {
    return new StreamBuilder().u32(0x5145564d).u32(3).machine("pc-q35-10.0");
  }

  /** As {@link #plain()}, with the list of two blocks: "a" of two pages and "b" of one. */
  static StreamBuilder listed() {
    return plain().ram("a", 2 * PAGE, "b", PAGE);
  }

  /** As {@link #listed()}, with a page for each and the end of RAM. */
  static StreamBuilder paged() {
    return listed().part().page("a", 0, 1).zero(null, PAGE).done().end().page("b", 0, 2).done();
  }

  StreamBuilder u8(int value) {
    out.write(value);
    return this;
  }

  StreamBuilder u16(int value) {
    return u8(value >> 8).u8(value);
  }

  StreamBuilder u32(long value) {
    return raw(ByteBuffer.allocate(4).putInt((int) value).array());
  }

  StreamBuilder u64(long value) {
    return raw(ByteBuffer.allocate(8).putLong(value).array());
  }

  StreamBuilder raw(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  StreamBuilder text(String text) {
    return raw(text.getBytes(StandardCharsets.UTF_8));
  }

  StreamBuilder str8(String text) {
    return u8(text.getBytes(StandardCharsets.UTF_8).length).text(text);
  }

  StreamBuilder machine(String name) {
    return u8(7).u32(name.length()).text(name);
  }

  StreamBuilder subsection(String name) {
    return u8(5).str8(name).u32(1);
  }

  StreamBuilder capabilities(String... names) {
    subsection("configuration/capabilities").u32(names.length);
    Arrays.stream(names).forEach(this::str8);
    return this;
  }

  StreamBuilder header(int type, long id, String name, long instance, long version) {
    return u8(type).u32(id).str8(name).u32(instance).u32(version);
  }

  StreamBuilder ramStart(long total) {
    return header(1, RAM, "ram", 0, 4).u64(total | 4);
  }

  /** The whole START section; names and lengths in turn. */
  StreamBuilder ram(Object... blocks) {
    long total = 0;
    for (int i = 1; i < blocks.length; i += 2) {
      total += (int) blocks[i];
    }
    ramStart(total);
    for (int i = 0; i < blocks.length; i += 2) {
      str8((String) blocks[i]).u64((int) blocks[i + 1]);
    }
    return done();
  }

  StreamBuilder part() {
    return u8(2).u32(RAM);
  }

  StreamBuilder end() {
    return u8(3).u32(RAM);
  }

  /** A page filled with a byte; without a name it continues the last block. */
  StreamBuilder page(String block, long offset, int fill) {
    byte[] page = new byte[PAGE];
    Arrays.fill(page, (byte) fill);
    return record(block, offset, 8).raw(page);
  }

  StreamBuilder zero(String block, long offset) {
    return record(block, offset, 2).u8(0);
  }

  /** The word of a record and the name, if any. */
  StreamBuilder record(String block, long offset, int flag) {
    return block == null ? u64(offset | flag | 0x20) : u64(offset | flag).str8(block);
  }

  /** The end of a RAM section and its footer. */
  StreamBuilder done() {
    return u64(0x10).footer(RAM);
  }

  StreamBuilder footer(long id) {
    return u8(0x7e).u32(id);
  }

  StreamBuilder command(int command, byte... payload) {
    return u8(8).u16(command).u16(payload.length).raw(payload);
  }

  StreamBuilder full(long id, String name, long instance, byte... body) {
    return header(4, id, name, instance, 1).raw(body).footer(id);
  }

  /** The end byte and the closing description. */
  StreamBuilder close(String json) {
    return u8(0).u8(6).u32(json.length()).text(json);
  }

  /** Two small devices and their description, the early ones' first. */
  StreamBuilder devices(String... early) {
    String list = "";
    for (String one : early) {
      list += one + ", ";
    }
    return full(7, "timer", 0, (byte) 1, (byte) 2, (byte) 3)
        .full(8, "cpu", 1, (byte) 9)
        .close(description(list + device("timer", 0, 3) + ", " + device("cpu", 1, 1)));
  }

  static String description(String devices) {
    return "{\"configuration\": {\"a\": [1]}, \"page_size\": 4096, \"devices\": [" + devices + "]}";
  }

  static String device(String name, int instance, long size) {
    return String.format(
        "{\"name\": \"%s\", \"instance_id\": %d, \"vmsd_name\": \"%s\", \"version\": 1,"
            + " \"fields\": [{\"name\": \"x\", \"type\": \"buffer\", \"size\": %d}]}",
        name, instance, name, size);
  }

  int length() {
    return out.size();
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
