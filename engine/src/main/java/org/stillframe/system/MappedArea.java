/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An area of a process's memory, as a line of /proc/PID/maps tells of it (proc(5)). Immutable.
 *
 * @param begin its first address
 * @param end the address behind it
 * @param access four letters, for example {@code rw-p}: the last says private or shared
 * @param offset where it begins in its file, in bytes
 * @param file the file it is mapped from; its inode is 0 if there is none
 * @param path the name the file had, and whether it is deleted; empty if there is none
 */
public record MappedArea(
    long begin, long end, String access, long offset, FileIdentity file, String path) {
  /** From, to, access, offset, device, inode; a path may hold whatever is no line feed. */
  private static final Pattern LINE =
      Pattern.compile(
          "([0-9a-f]{1,16})-([0-9a-f]{1,16}) (\\S{4}) ([0-9a-f]{1,16}) ([0-9a-f]+:[0-9a-f]+)"
              + " (\\d+) *(.*)",
          Pattern.DOTALL);

  /** What a line tells; empty if it is none of this kind. */
  public static Optional<MappedArea> parse(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new MappedArea(
            Long.parseUnsignedLong(matcher.group(1), 16),
            Long.parseUnsignedLong(matcher.group(2), 16),
            matcher.group(3),
            Long.parseUnsignedLong(matcher.group(4), 16),
            // Some file systems, FUSE and overlayfs among them, number files up to 2^64.
            new FileIdentity(matcher.group(5), Long.parseUnsignedLong(matcher.group(6))),
            matcher.group(7)));
  }

  /**
   * All areas of a process, by address.
   *
   * @param process its number, or {@code self}
   * @throws IOException if it may not be looked at, or has ended
   */
  public static List<MappedArea> of(String process) throws IOException {
    try (BufferedReader lines = open(process, "maps")) {
      return lines.lines().flatMap(line -> parse(line).stream()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Opens a file of lines that the kernel writes about a process. Names in it may be of any bytes:
   * those that are no text are replaced.
   *
   * @param process its number, or {@code self}
   * @param file for example {@code smaps}
   */
  public static BufferedReader open(String process, String file) throws IOException {
    Path path = Path.of("/proc/" + process + "/" + file);
    return new BufferedReader(
        new InputStreamReader(Files.newInputStream(path), StandardCharsets.UTF_8));
  }

  /** Its name in /proc/PID/map_files. */
  public String range() {
    return Long.toHexString(begin) + "-" + Long.toHexString(end);
  }

  /** Whether an address lies in it. */
  public boolean holds(long address) {
    return begin <= address && address < end;
  }

  /** Whether the process may read it. */
  public boolean isReadable() {
    return access.startsWith("r");
  }

  /** Whether the process may write to it. */
  public boolean isWritable() {
    return access.charAt(1) == 'w';
  }

  /** Whether others see what is written to it. */
  public boolean isShared() {
    return access.endsWith("s");
  }

  /** Whether it is of a file, which may have no name any more. */
  public boolean isOfFile() {
    return file.inode() != 0;
  }
}
