/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Something that the JDK has opened, and the number of its descriptor, which the JDK keeps to
 * itself and the kernel tells.
 */
public final class Descriptor implements Closeable {
  private static final Path OWN = Path.of("/proc/self/fd");

  private final Channel channel;
  private final int number;

  private Descriptor(Channel channel, int number) {
    this.channel = channel;
    this.number = number;
  }

  /** Opens a file or a FIFO. */
  static Descriptor open(Path path, OpenOption... options) throws IOException {
    return found(() -> FileChannel.open(path, options), path.toRealPath().toString());
  }

  /**
   * Finds the number of what is opened.
   *
   * @param prefix how its link under /proc/self/fd begins
   */
  static synchronized Descriptor found(Opening opening, String prefix) throws IOException {
    Map<Integer, String> before = links(prefix);
    Channel channel = opening.open();
    Map<Integer, String> now = links(prefix);
    now.keySet().removeAll(before.keySet());
    if (now.size() != 1) {
      channel.close();
      throw new IOException("one new descriptor " + prefix + "… was expected: " + now);
    }
    return new Descriptor(channel, now.keySet().iterator().next());
  }

  /** The open descriptors of this process whose links begin with a prefix, by number. */
  static Map<Integer, String> links(String prefix) throws IOException {
    Map<Integer, String> links = new TreeMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(OWN)) {
      for (Path entry : entries) {
        try {
          String link = Files.readSymbolicLink(entry).toString();
          if (link.startsWith(prefix)) {
            links.put(Integer.valueOf(entry.getFileName().toString()), link);
          }
        } catch (NoSuchFileException e) {
          // Closed meanwhile: that of this listing, for one.
        }
      }
    }
    return links;
  }

  /** Its number. */
  public int number() {
    return number;
  }

  /** The open file. */
  public FileChannel file() {
    return (FileChannel) channel;
  }

  /** Its flags as the kernel shows them, in octal digits. */
  public String flags() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/fdinfo", "" + number))) {
      return lines.filter(line -> line.startsWith("flags:")).findFirst().orElseThrow();
    }
  }

  /** Whether the kernel still has it open. */
  public boolean isOpen() throws IOException {
    return channel.isOpen() && links("").containsKey(number);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Opens one descriptor. */
  @FunctionalInterface
  interface Opening {
    Channel open() throws IOException;
  }
}
