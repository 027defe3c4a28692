/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;

class TargetUriTest {
  @ParameterizedTest
  @CsvSource({
    "file:/srv/vm1.image, /srv/vm1.image",
    "/srv/vm1.image, /srv/vm1.image",
    "vm1.image, vm1.image",
    "file:vm1.image, vm1.image",
    "file:/srv/a b:c, /srv/a b:c",
    "file:///srv/vm1.image, /srv/vm1.image",
    "file:fd:3, fd:3",
    "./unix:a, ./unix:a",
    "file:tcp:a, tcp:a"
  })
  void aPathIsAPathWithAndWithoutFile(String text, String path) throws Exception {
    TargetUri uri = TargetUri.parse(text);
    assertTrue(uri.isFile());
    assertEquals(Path.of(path), uri.path());
    assertEquals(-1, uri.number());
    assertEquals("file:" + path, uri.toString());
    assertEquals(uri, TargetUri.parse(uri.toString()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 99, 999_999_999})
  void aDescriptorIsItsNumber(int number) throws Exception {
    TargetUri uri = TargetUri.parse("fd:" + number);
    assertFalse(uri.isFile());
    assertNull(uri.path());
    assertEquals(number, uri.number());
    assertEquals("fd:" + number, uri.toString());
    assertEquals(TargetUri.descriptor(number), uri);
    assertEquals(TargetUri.descriptor(number).hashCode(), uri.hashCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"fd:", "fd:-1", "fd:x", "fd:3 ", "fd:99999999999", "fd:+3", "fd:٣"})
  void aDescriptorIsNothingButANumber(String text) {
    refuses(text, "not the number of a descriptor");
  }

  @ParameterizedTest
  @ValueSource(strings = {"unix:/run/a", "tcp:host:1", "exec:cat", "vsock:1:2", "rdma:host:1"})
  void aTransportOfQemuIsNoTarget(String text) {
    refuses(text, text.substring(0, text.indexOf(':') + 1) + " is a transport");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://host/a", "file://host/a", "nbd://host"})
  void anAddressIsNoTarget(String text) {
    refuses(text, "no place for an image");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "file:"})
  void nothingIsNoPath(String text) {
    refuses(text, "no path");
  }

  /** The JVM has lost the bytes by then: what it made of them may be the name of another file. */
  @Test
  void aNameThatTheJvmCouldNotReadIsRefused() {
    for (String text : List.of("/srv/\ufffd", "file:/srv/a\ufffd\ufffdb", "/srv/\ud800")) {
      RequestException e = assertThrows(RequestException.class, () -> TargetUri.parse(text));
      assertEquals(ErrorCode.INVALID_REQUEST, e.code());
      assertTrue(e.why().contains(System.getProperty("sun.jnu.encoding")), e.why());
      assertTrue(e.remedy().contains("LC_ALL=C.UTF-8"), e.remedy());
    }
  }

  @Test
  void aPathThatCannotBeIsRefusedInOneLine() {
    refuses("file:/srv/a\0b", "Nul character");
    refuses("fd:1\n2\u001b[31m", "not the number");
  }

  private static void refuses(String text, String why) {
    RequestException e = assertThrows(RequestException.class, () -> TargetUri.parse(text));
    assertEquals(ErrorCode.INVALID_REQUEST, e.code());
    assertTrue(e.why().contains(why), e.why());
    assertTrue(e.getMessage().startsWith("target '"), e.getMessage());
    assertTrue(e.getMessage().endsWith("write file:PATH, a path, or fd:N"), e.getMessage());
    assertTrue(e.getMessage().chars().noneMatch(Character::isISOControl), e.getMessage());
  }

  @Test
  void aNegativeDescriptorIsAMistakeOfTheProgram() {
    assertThrows(IllegalArgumentException.class, () -> TargetUri.descriptor(-1));
  }

  @Test
  void aPathAndADescriptorAreNeverEqual() throws Exception {
    assertNotEquals(TargetUri.parse("fd:3"), TargetUri.parse("file:fd:3"));
    assertNotEquals(TargetUri.parse("fd:3"), TargetUri.parse("fd:4"));
    assertNotEquals(TargetUri.parse("a"), TargetUri.parse("b"));
    assertNotEquals(TargetUri.parse("a"), "a");
  }
}
