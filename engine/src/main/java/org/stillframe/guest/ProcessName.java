/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A process as others can know it again: numbers of processes are given again, and mean something
 * else in another namespace of processes. Immutable.
 *
 * @param process its number, and when it was started
 * @param namespace in which it has that number
 */
record ProcessName(String process, String namespace) {
  /** What its text looks like; the groups are {@code process} and {@code namespace}. */
  static final String PATTERN = "process (\\d+ since \\d+) of (\\S+)";

  /** Where the start time stands in /proc/PID/stat behind the name in brackets (proc(5)). */
  private static final int START_TIME = 19;

  /** Whether a process is there. */
  enum State {
    /** It runs. */
    ALIVE,
    /** It has ended. */
    GONE,
    /** Nobody here can tell. */
    UNKNOWN
  }

  /** This process. */
  static ProcessName self() throws IOException {
    return new ProcessName(look("self"), ownNamespace());
  }

  /** Looks whether it is still there. */
  State state() {
    try {
      if (!namespace.equals(ownNamespace())) {
        return State.UNKNOWN;
      }
      return process.equals(look(number())) ? State.ALIVE : State.GONE;
    } catch (NoSuchFileException e) {
      return State.GONE;
    } catch (IOException e) {
      return State.UNKNOWN;
    }
  }

  /**
   * Whether it certainly has no file in memory open that was made with this name (memfd_create(2));
   * not if nobody here can tell.
   */
  boolean lacksMemoryFile(String name) {
    Path open = Path.of("/proc/" + number() + "/fd");
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(open)) {
      for (Path descriptor : descriptors) {
        if (link(descriptor).equals("/memfd:" + name + " (deleted)")) {
          return false;
        }
      }
      return true;
    } catch (IOException | DirectoryIteratorException e) {
      return false;
    }
  }

  private static String link(Path descriptor) throws IOException {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (NoSuchFileException e) {
      // It was closed meanwhile.
      return "";
    }
  }

  /** Its number in its namespace. */
  String number() {
    return process.substring(0, process.indexOf(' '));
  }

  private static String look(String name) throws IOException {
    // The name of its program, which is in it, may be of any bytes.
    Path file = Path.of("/proc/" + name + "/stat");
    String stat = Files.readString(file, StandardCharsets.ISO_8859_1);
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return stat.substring(0, stat.indexOf(' ')) + " since " + fields[START_TIME];
  }

  private static String ownNamespace() throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
  }

  @Override
  public String toString() {
    return "process " + process + " of " + namespace;
  }
}
