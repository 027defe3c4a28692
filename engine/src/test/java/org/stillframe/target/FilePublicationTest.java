/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doCallRealMethod;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.spy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.stubbing.Answer;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.error.StorageException;
import org.stillframe.spi.TargetKind;
import org.stillframe.system.Errno;
import org.stillframe.system.SystemCalls;

/** How an image takes its place, on a real directory. */
@Timeout(30)
class FilePublicationTest {
  private static final int EBUSY = 16;

  private final SystemCalls system = spy(new SystemCalls());
  private final Targets targets = new SystemTargets(system);

  @TempDir Path directory;

  private Path image;
  private Path partial;

  @BeforeEach
  void names() {
    image = directory.resolve("vm1.image");
    partial = directory.resolve("vm1.image.partial");
  }

  private Publication begin(boolean replace) throws StillframeException {
    return targets.create(TargetUri.file(image), replace);
  }

  /** Writes as a backend would: through the descriptor. */
  private static void write(Publication publication, String text) throws IOException {
    Files.writeString(Path.of("/proc/self/fd/" + publication.target().descriptor()), text);
  }

  private List<String> names(Path of) throws IOException {
    try (Stream<Path> paths = Files.list(of)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void anImageAppearsWhenItIsPublishedAndNotBefore() throws Exception {
    try (Publication publication = begin(false)) {
      assertEquals(TargetKind.REGULAR, publication.target().kind());
      assertEquals("file:" + image, publication.target().name());
      assertFalse(publication.target().fileSystem().isEmpty());
      write(publication, "state");
      assertEquals(List.of("vm1.image.partial"), names(directory));
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(partial)));
      publication.publish();
      assertEquals(List.of("vm1.image"), names(directory));
    }
    assertEquals("state", Files.readString(image));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(image)));
  }

  @Test
  void whatIsNotPublishedLeavesNothingAndTheOlderImageAsItWas() throws Exception {
    Files.writeString(image, "older");
    try (Publication publication = begin(true)) {
      write(publication, "newer");
    }
    assertEquals(List.of("vm1.image"), names(directory));
    assertEquals("older", Files.readString(image));
  }

  @Test
  void anOlderImageIsReplacedAsAWhole() throws Exception {
    Files.writeString(image, "older and longer");
    try (Publication publication = begin(true)) {
      write(publication, "newer");
      assertEquals("older and longer", Files.readString(image));
      publication.publish();
    }
    assertEquals("newer", Files.readString(image));
  }

  @Test
  void theBlocksOfAnOlderImageAreFreedWhenTheNewOneIsSafe() throws Exception {
    Files.writeString(image, "older");
    AtomicBoolean held = new AtomicBoolean();
    doAnswer(
            call -> {
              held.set(isHeld());
              return call.callRealMethod();
            })
        .when(system)
        .sync(anyInt());
    try (Publication publication = begin(true)) {
      write(publication, "newer");
      publication.publish();
    }
    assertTrue(held.get());
    assertFalse(isHeld());
    assertEquals("newer", Files.readString(image));
  }

  /** Whether a descriptor of ours keeps what had the image's name. */
  private boolean isHeld() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.anyMatch(fd -> target(fd).equals(image + " (deleted)"));
    }
  }

  private static String target(Path fd) {
    try {
      return Files.readSymbolicLink(fd).toString();
    } catch (IOException e) {
      // It was closed meanwhile.
      return "";
    }
  }

  @Test
  void withoutReplaceAnImageThatIsThereIsNotTouched() throws Exception {
    Files.writeString(image, "older");
    RequestException e = assertThrows(RequestException.class, () -> begin(false));
    assertEquals(ErrorCode.TARGET_EXISTS, e.code());
    assertTrue(e.getMessage().contains(image.toString()), e.getMessage());
    assertEquals(List.of("vm1.image"), names(directory));
    assertEquals("older", Files.readString(image));
  }

  @Test
  void anImageThatSomebodyElseMadeMeanwhileIsLeftAlone() throws Exception {
    try (Publication publication = begin(false)) {
      Files.writeString(image, "theirs");
      RequestException e = assertThrows(RequestException.class, publication::publish);
      assertEquals(ErrorCode.TARGET_EXISTS, e.code());
    }
    assertEquals(List.of("vm1.image"), names(directory));
    assertEquals("theirs", Files.readString(image));
  }

  @Test
  void aFileSystemThatCannotRenameWithoutReplacingIsServedToo() throws Exception {
    doThrow(SystemCalls.failure("renameat2", Errno.EINVAL))
        .when(system)
        .renameToFreeName(any(), any());
    try (Publication publication = begin(false)) {
      write(publication, "state");
      publication.publish();
    }
    assertEquals(List.of("vm1.image"), names(directory));
    assertEquals("state", Files.readString(image));
    Files.delete(image);
    try (Publication publication = begin(false)) {
      Files.writeString(image, "theirs");
      RequestException e = assertThrows(RequestException.class, publication::publish);
      assertEquals(ErrorCode.TARGET_EXISTS, e.code());
    }
    assertEquals("theirs", Files.readString(image));
    assertEquals(List.of("vm1.image"), names(directory));
  }

  /** The call does its work, and then its answer is that of a second try. */
  private static Answer<Void> twice(String call, int errno) {
    return invocation -> {
      invocation.callRealMethod();
      throw SystemCalls.failure(call, errno);
    };
  }

  @Test
  void whatNfsDidAndTellsOfAsFailedIsDone() throws Exception {
    doThrow(SystemCalls.failure("renameat2", Errno.EINVAL))
        .when(system)
        .renameToFreeName(any(), any());
    doAnswer(twice("link", Errno.EEXIST)).when(system).link(any(), any());
    publishes(false);
    doCallRealMethod().when(system).link(any(), any());
    doAnswer(twice("unlink", Errno.ENOENT)).doCallRealMethod().when(system).unlink(any());
    publishes(false);
    doAnswer(twice("rename", Errno.ENOENT)).when(system).rename(any(), any());
    Files.writeString(image, "older");
    publishes(true);
  }

  @Test
  void aSecondNameThatCannotBeTakenAtOnceIsTakenInTheEnd() throws Exception {
    doThrow(SystemCalls.failure("renameat2", Errno.EINVAL))
        .when(system)
        .renameToFreeName(any(), any());
    doThrow(SystemCalls.failure("unlink", EBUSY)).doCallRealMethod().when(system).unlink(any());
    publishes(false);
  }

  private void publishes(boolean replace) throws Exception {
    try (Publication publication = begin(replace)) {
      write(publication, "state");
      publication.publish();
    }
    assertEquals(List.of("vm1.image"), names(directory));
    assertEquals("state", Files.readString(image));
    Files.delete(image);
  }

  @ParameterizedTest
  @ValueSource(ints = {248, 255, 256})
  void aNameThatLeavesNoRoomForThePartialOneIsToldSo(int length) throws Exception {
    image = directory.resolve("i".repeat(length));
    RequestException e = assertThrows(RequestException.class, () -> begin(false));
    assertEquals(ErrorCode.INVALID_REQUEST, e.code());
    assertEquals(image + ".partial", e.what());
    assertTrue(e.why().contains("File name too long (ENAMETOOLONG)"), e.why());
    assertTrue(e.remedy().startsWith("choose a shorter name"), e.remedy());
    assertEquals(List.of(), names(directory));
    image = directory.resolve("i".repeat(247));
    begin(false).close();
  }

  @Test
  void aDirectoryThatCannotBeSyncedIsNotTakenForSafe() throws Exception {
    doThrow(SystemCalls.failure("fsync", Errno.ENOSPC)).when(system).sync(anyInt());
    try (Publication publication = begin(false)) {
      StorageException e = assertThrows(StorageException.class, publication::publish);
      assertTrue(e.getMessage().contains("fsync: No space left on device"), e.getMessage());
      assertTrue(e.remedy().contains("the image is in place"), e.remedy());
    }
    assertTrue(Files.exists(image));
  }

  @Test
  void twoSavesToOneTargetDoNotMix() throws Exception {
    try (Publication first = begin(false)) {
      write(first, "first");
      RequestException e = assertThrows(RequestException.class, () -> begin(false));
      assertEquals(ErrorCode.TARGET_EXISTS, e.code());
      assertTrue(e.getMessage().contains("another save"), e.getMessage());
      first.publish();
    }
    assertEquals("first", Files.readString(image));
  }

  @Test
  void aPartialFileThatWasLeftBehindIsReplacedByAFreshOne() throws Exception {
    Files.writeString(partial, "of a process that died");
    Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rw-r--r--"));
    Object before = Files.getAttribute(partial, "unix:ino");
    Path held = directory.resolve("held");
    Files.createLink(held, partial);
    assertThrows(RequestException.class, () -> begin(false), "it has a second name");
    assertEquals("of a process that died", Files.readString(held));
    Files.delete(held);
    try (var reader = Files.newBufferedReader(partial);
        Publication publication = begin(false)) {
      write(publication, "state");
      // Who had the old file open does not see the new one.
      assertEquals("of a process that died", reader.readLine());
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(partial)));
      assertFalse(before.equals(Files.getAttribute(partial, "unix:ino")));
      publication.publish();
    }
    assertEquals("state", Files.readString(image));
  }

  @Test
  void anImageThatWasLeftWithBothNamesIsKeptAndReplaced() throws Exception {
    Files.writeString(image, "older");
    Files.createLink(partial, image);
    begin(true).close();
    assertEquals(List.of("vm1.image"), names(directory));
    assertEquals("older", Files.readString(image));
    Files.createLink(partial, image);
    publishes(true);
  }

  @Test
  void whateverElseHasThePartialNameIsNamedAndLeftAlone() throws Exception {
    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "precious");
    Files.createSymbolicLink(partial, elsewhere);
    refusesPartial();
    assertTrue(Files.isSymbolicLink(partial));
    assertEquals("precious", Files.readString(elsewhere));
    Files.delete(partial);
    Files.createDirectory(partial);
    refusesPartial();
    assertTrue(Files.isDirectory(partial, LinkOption.NOFOLLOW_LINKS));
    Files.delete(partial);
    assertEquals(0, new ProcessBuilder("mkfifo", partial.toString()).start().waitFor());
    refusesPartial();
    assertTrue(Files.exists(partial));
  }

  private void refusesPartial() {
    RequestException e = assertThrows(RequestException.class, () -> begin(false));
    assertEquals(ErrorCode.TARGET_EXISTS, e.code());
    assertEquals(partial.toString(), e.what());
    assertTrue(e.why().contains("taken by something else"), e.why());
  }

  @Test
  void whatFailsAtTheStartLeavesNeitherFileNorDescriptor() throws Exception {
    int before = names(Path.of("/proc/self/fd")).size();
    doThrow(SystemCalls.failure("fstat", Errno.ENOSYS)).when(system).facts(anyInt());
    assertThrows(StorageException.class, () -> begin(false));
    doThrow(SystemCalls.failure("flock", Errno.ENOSYS)).when(system).tryLock(anyInt());
    assertThrows(StorageException.class, () -> begin(false));
    assertEquals(List.of(), names(directory));
    assertEquals(before, names(Path.of("/proc/self/fd")).size());
  }

  @Test
  void closingTwiceRemovesNobodyElsesFile() throws Exception {
    Publication first = begin(false);
    first.close();
    try (Publication second = begin(false)) {
      first.close();
      assertEquals(List.of("vm1.image.partial"), names(directory));
      second.publish();
    }
    assertTrue(Files.exists(image));
  }

  @Test
  void aMissingDirectoryIsNamed() {
    StorageException e =
        assertThrows(
            StorageException.class,
            () -> targets.create(TargetUri.file(directory.resolve("none/a.image")), false));
    assertTrue(e.getMessage().contains("none/a.image.partial"), e.getMessage());
    assertTrue(e.getMessage().contains("No such file or directory (ENOENT)"), e.getMessage());
  }
}
