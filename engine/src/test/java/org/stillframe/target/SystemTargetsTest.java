/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.spy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.error.StorageException;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Errno;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;

/** Targets other than a new file, on real files and descriptors. */
@Timeout(30)
class SystemTargetsTest {
  private final SystemCalls system = new SystemCalls();
  private final Targets targets = new SystemTargets(system);

  @TempDir Path directory;

  private Descriptor open(Path path, int flags) throws IOException {
    return system.open(path, flags, 0600);
  }

  private static TargetUri uri(Descriptor descriptor) {
    return TargetUri.descriptor(descriptor.number());
  }

  private Path fifo() throws Exception {
    Path fifo = directory.resolve("fifo");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    return fifo;
  }

  private interface Opening {
    Object open() throws StillframeException;
  }

  private static void refuses(ErrorCode code, String why, Opening opening) {
    RequestException e = assertThrows(RequestException.class, opening::open);
    assertEquals(code, e.code(), e.getMessage());
    assertTrue(e.why().contains(why), e.getMessage());
  }

  private void refusesPath(Path path, String why) {
    refuses(ErrorCode.UNSUPPORTED, why, () -> targets.create(TargetUri.file(path), true));
  }

  @Test
  void whatIsNeitherFileNorBlockDeviceIsNoTarget() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "precious");
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    Path dangling = Files.createSymbolicLink(directory.resolve("to"), directory.resolve("none"));
    refusesPath(directory, "it is a directory");
    refusesPath(Path.of("/"), "it is a directory");
    refusesPath(Path.of("/dev/null"), "it is a character device");
    refusesPath(link, "it is a symbolic link, whose place the image would take");
    refusesPath(dangling, "it is a symbolic link");
    refusesPath(fifo(), "it is a pipe");
    assertEquals("precious", Files.readString(file));
    try (Stream<Path> paths = Files.list(directory)) {
      assertEquals(4, paths.count());
    }
  }

  @Test
  void anImageIsOpenedThroughALinkAndDescribed() throws Exception {
    Path file = Files.write(directory.resolve("file"), new byte[5000]);
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    try (OpenTarget open = targets.open(TargetUri.file(link))) {
      assertEquals(5000, open.target().size());
      assertEquals(TargetKind.REGULAR, open.target().kind());
      assertEquals(TargetKind.REGULAR, system.facts(open.target().descriptor()).kind());
    }
  }

  @Test
  void whatHoldsNoImageIsNotOpened() throws Exception {
    Path fifo = fifo();
    refuses(ErrorCode.UNSUPPORTED, "directory", () -> targets.open(TargetUri.file(directory)));
    refuses(
        ErrorCode.UNSUPPORTED,
        "character device",
        () -> targets.open(TargetUri.file(Path.of("/dev/null"))));
    refuses(ErrorCode.UNSUPPORTED, "it is a pipe", () -> targets.open(TargetUri.file(fifo)));
    StorageException e =
        assertThrows(
            StorageException.class, () -> targets.open(TargetUri.file(directory.resolve("none"))));
    assertTrue(e.getMessage().contains("none: open: No such file or directory"), e.getMessage());
  }

  @Test
  void aDescriptorMustBeOpen() {
    for (Opening opening :
        new Opening[] {
          () -> targets.create(TargetUri.descriptor(9999), true),
          () -> targets.open(TargetUri.descriptor(9999)),
          () -> targets.probe(TargetUri.descriptor(9999))
        }) {
      refuses(ErrorCode.INVALID_REQUEST, "Bad file descriptor (EBADF)", opening);
    }
  }

  @Test
  void aDescriptorMustBeOpenForItsUse() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "older");
    try (Descriptor reading = open(file, OpenFlags.READ_ONLY);
        Descriptor writing = open(file, OpenFlags.WRITE_ONLY);
        Descriptor appending = open(file, OpenFlags.READ_WRITE | OpenFlags.APPEND);
        Descriptor there = open(directory, OpenFlags.READ_ONLY);
        Descriptor none = open(Path.of("/dev/null"), OpenFlags.READ_WRITE)) {
      refuses(ErrorCode.UNSUPPORTED, "reading alone", () -> targets.create(uri(reading), true));
      refuses(ErrorCode.UNSUPPORTED, "writing alone", () -> targets.open(uri(writing)));
      refuses(ErrorCode.UNSUPPORTED, "O_APPEND", () -> targets.create(uri(appending), true));
      refuses(ErrorCode.UNSUPPORTED, "a directory", () -> targets.create(uri(there), true));
      refuses(ErrorCode.UNSUPPORTED, "a directory", () -> targets.open(uri(there)));
      refuses(ErrorCode.UNSUPPORTED, "character", () -> targets.create(uri(none), true));
      // What was passed in stays open.
      assertEquals(TargetKind.REGULAR, system.facts(reading.number()).kind());
    }
    assertEquals("older", Files.readString(file));
  }

  @Test
  void aDescriptorThatHoldsBytesIsReplacedOnlyOnRequest() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "older");
    try (Descriptor writing = open(file, OpenFlags.READ_WRITE)) {
      refuses(
          ErrorCode.TARGET_EXISTS, "5 bytes already", () -> targets.create(uri(writing), false));
      try (Publication publication = targets.create(uri(writing), true)) {
        assertEquals(5, publication.target().size());
        assertEquals(writing.number(), publication.target().descriptor());
        publication.publish();
      }
      assertEquals(5, system.facts(writing.number()).size());
    }
  }

  @Test
  void socketsAreTargetsAndSources() throws Exception {
    Descriptor[] pair = new Sockets(system).pair();
    try (Descriptor a = pair[0];
        Descriptor b = pair[1];
        Publication publication = targets.create(uri(a), false);
        OpenTarget source = targets.open(uri(b))) {
      assertEquals(TargetKind.SOCKET, publication.target().kind());
      assertEquals(TargetKind.SOCKET, source.target().kind());
      assertEquals(0, source.target().size());
      assertEquals("", source.target().fileSystem());
    }
  }

  @Test
  void aProbeLooksAndChangesNothing() throws Exception {
    Path file = Files.write(directory.resolve("file"), new byte[700]);
    Target there = targets.probe(TargetUri.file(file));
    assertEquals(700, there.size());
    assertEquals(Target.NO_DESCRIPTOR, there.descriptor());
    Target toCome = targets.probe(TargetUri.file(directory.resolve("none")));
    assertEquals(TargetKind.REGULAR, toCome.kind());
    assertEquals(there.fileSystem(), toCome.fileSystem());
    for (Map.Entry<String, String> missing :
        Map.of("none/below", "No such file", "file/below", "Not a directory").entrySet()) {
      StorageException e =
          assertThrows(
              StorageException.class,
              () -> targets.probe(TargetUri.file(directory.resolve(missing.getKey()))));
      assertTrue(e.why().contains(missing.getValue()), e.getMessage());
    }
    try (Stream<Path> paths = Files.list(directory)) {
      assertEquals(1, paths.count());
    }
  }

  @Test
  void whatIsNoTargetByItsNameIsSoWhenItIsLookedAt() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("to"), directory.resolve("none"));
    Path socket = directory.resolve("socket");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      for (Map.Entry<Path, String> odd :
          Map.of(
                  fifo(),
                  "it is a pipe",
                  socket,
                  "it is a socket",
                  directory,
                  "it is a directory",
                  link,
                  "it is a symbolic link that leads nowhere")
              .entrySet()) {
        TargetUri uri = TargetUri.file(odd.getKey());
        refuses(ErrorCode.UNSUPPORTED, odd.getValue(), () -> targets.probe(uri));
        refuses(ErrorCode.UNSUPPORTED, odd.getValue(), () -> targets.open(uri));
      }
    }
  }

  @Test
  void whatCannotBeOpenedLeavesNoDescriptor() throws Exception {
    Path file = Files.write(directory.resolve("file"), new byte[700]);
    SystemCalls failing = spy(new SystemCalls());
    doThrow(SystemCalls.failure("fcntl", Errno.ENOSYS)).when(failing).accessMode(anyInt());
    Targets those = new SystemTargets(failing);
    // Once without counting: the JVM opens what it needs for a first time.
    assertThrows(StorageException.class, () -> those.open(TargetUri.file(file)));
    assertThrows(RequestException.class, () -> those.open(TargetUri.file(directory)));
    int before = descriptors();
    for (int i = 0; i < 5; i++) {
      assertThrows(StorageException.class, () -> those.open(TargetUri.file(file)));
      assertThrows(RequestException.class, () -> those.open(TargetUri.file(directory)));
    }
    assertEquals(before, descriptors());
  }

  private static int descriptors() throws IOException {
    try (Stream<Path> paths = Files.list(Path.of("/proc/self/fd"))) {
      return (int) paths.count();
    }
  }
}
