/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.target;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;

/** The name of a target or an image: {@code file:PATH}, a bare path, or {@code fd:N}. Immutable. */
public final class TargetUri {
  private static final String FILE = "file:";
  private static final String FD = "fd:";
  private static final String REMEDY = "write file:PATH, a path, or fd:N";

  /** Transports that QEMU knows and that are no targets; a bare path must not look like one. */
  private static final List<String> TRANSPORTS =
      List.of("unix:", "tcp:", "exec:", "vsock:", "rdma:");

  /** What the JVM puts in the place of bytes that are no letters in its character set. */
  private static final char NO_LETTER = '\ufffd';

  private final Path path;
  private final int descriptor;

  private TargetUri(Path path, int descriptor) {
    this.path = path;
    this.descriptor = descriptor;
  }

  /** A file by its path. */
  public static TargetUri file(Path path) {
    return new TargetUri(Objects.requireNonNull(path, "path"), -1);
  }

  /**
   * A descriptor that is already open in this process.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public static TargetUri descriptor(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("negative descriptor " + number);
    }
    return new TargetUri(null, number);
  }

  /**
   * Reads a name.
   *
   * @throws RequestException INVALID_REQUEST if it is none
   */
  public static TargetUri parse(String text) throws RequestException {
    if (text.startsWith(FD)) {
      String number = text.substring(FD.length());
      // Integer.parseInt alone takes signs and the digits of every script.
      if (!number.matches("[0-9]{1,9}")) {
        throw invalid(text, "not the number of a descriptor", null);
      }
      return descriptor(Integer.parseInt(number));
    }
    for (String transport : TRANSPORTS) {
      if (text.startsWith(transport)) {
        throw invalid(text, transport + " is a transport, not a place for an image", null);
      }
    }
    // file:///PATH is a path; with a host in it, or another scheme, it is somewhere else.
    if (text.contains("://") && !text.startsWith(FILE + "///")) {
      throw invalid(text, "an address of the network or of a URL is no place for an image", null);
    }
    String name = text.startsWith(FILE) ? text.substring(FILE.length()) : text;
    if (name.isEmpty()) {
      throw invalid(text, "no path", null);
    }
    if (name.indexOf(NO_LETTER) >= 0) {
      // The bytes are lost by now: whatever was opened would be a file of another name.
      throw unnameable(text, null);
    }
    try {
      return file(Path.of(name));
    } catch (InvalidPathException e) {
      // A string has no other letter that no file's name may have.
      throw name.indexOf('\0') < 0 ? unnameable(text, e) : invalid(text, e.getReason(), e);
    }
  }

  private static RequestException unnameable(String text, Exception cause) {
    return new RequestException(
        ErrorCode.INVALID_REQUEST,
        "target '" + text + "'",
        "its name has letters that this JVM cannot tell apart, as its character set is "
            + System.getProperty("sun.jnu.encoding"),
        "write it in UTF-8, and set LC_ALL=C.UTF-8 where the JVM is started; or pass it as fd:N",
        cause);
  }

  private static RequestException invalid(String text, String why, Exception cause) {
    return new RequestException(
        ErrorCode.INVALID_REQUEST, "target '" + text + "'", why, REMEDY, cause);
  }

  /** Whether it is a path and not a descriptor. */
  public boolean isFile() {
    return path != null;
  }

  /** The path; null for a descriptor. */
  public Path path() {
    return path;
  }

  /** The number of the descriptor; -1 for a path. */
  public int number() {
    return descriptor;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TargetUri uri
        && descriptor == uri.descriptor
        && Objects.equals(path, uri.path);
  }

  @Override
  public int hashCode() {
    return Objects.hash(path, descriptor);
  }

  /** {@code file:PATH} or {@code fd:N}. */
  @Override
  public String toString() {
    return isFile() ? FILE + path : FD + descriptor;
  }
}
