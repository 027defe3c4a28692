/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.channel.ProgressListener;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.spi.Capability;
import org.stillframe.spi.TargetKind;
import org.stillframe.system.Connection;
import org.stillframe.system.Descriptor;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;
import org.stillframe.target.TargetUri;

/** How RAM lies in an image of which nobody said how. */
class DefaultLayoutTest extends ManagerFixture {
  private final SystemCalls system = new SystemCalls();

  private SaveRequest.Builder to(Descriptor target) {
    return SaveRequest.builder(FakeGuest.ADDRESS, TargetUri.descriptor(target.number()));
  }

  private Layout layout(Path path) throws Exception {
    InspectRequest request = InspectRequest.builder(TargetUri.file(path)).build();
    return manager.inspect(request, ProgressListener.NONE).layout();
  }

  @Test
  void aFileIsMapped() throws Exception {
    assertEquals(Optional.empty(), request().build().layout());
    assertEquals(Layout.MAPPED, save(request()).image().layout());
    assertEquals(Layout.MAPPED, layout(image));
    guest.status = "inmigrate";
    assertEquals(Layout.MAPPED, restore(AfterRestore.AS_SAVED).layout());
  }

  @Test
  void aDescriptorOfAFileIsMapped() throws Exception {
    Files.createFile(image);
    try (Descriptor file = system.open(image, OpenFlags.READ_WRITE, 0)) {
      assertEquals(Layout.MAPPED, save(to(file)).image().layout());
    }
    assertEquals(Layout.MAPPED, layout(image));
  }

  @Test
  void aSocketGetsTheStreamAsItIs() throws Exception {
    Descriptor[] pair = new Sockets(system).pair();
    try (Descriptor ours = pair[0];
        Connection theirs = new Connection(system, pair[1], TargetKind.SOCKET)) {
      CompletableFuture<byte[]> arrived =
          CompletableFuture.supplyAsync(() -> read(theirs, STREAM.length));
      assertEquals(Layout.STREAM, save(to(ours)).image().layout());
      assertArrayEquals(STREAM, arrived.get());
    }
  }

  private static byte[] read(Connection source, int length) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
    try {
      while (bytes.size() < length && source.read(buffer.clear()) >= 0) {
        byte[] part = new byte[buffer.flip().remaining()];
        buffer.get(part);
        bytes.writeBytes(part);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"capability", "layout", "route"})
  void aSocketIsRefusedByWhoeverAsksForMapped(String way) throws Exception {
    Descriptor[] pair = new Sockets(system).pair();
    try (Descriptor ours = pair[0];
        Descriptor theirs = pair[1]) {
      assertTrue(theirs.number() >= 0);
      SaveRequest.Builder request =
          switch (way) {
            case "capability" -> to(ours).capabilities(Capability.DIRECT_MAPPED);
            case "layout" -> to(ours).layout(Layout.MAPPED);
            default -> to(ours).route(Route.MULTIFD);
          };
      RequestException e = assertThrows(RequestException.class, () -> save(request));
      assertEquals(ErrorCode.UNSUPPORTED, e.code());
      assertTrue(e.why().startsWith("a socket has no positions"), e.getMessage());
      assertTrue(e.why().contains("direct-mapped"), e.getMessage());
      assertEquals(List.of(), guest.calls, "this can be told without a guest");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aConversionFollowsItsTargetToo(Layout source) throws Exception {
    save(request().layout(source));
    Path made = directory.resolve("made.image");
    ConvertReport report =
        manager.convert(
            ConvertRequest.builder(TargetUri.file(image), TargetUri.file(made)).build(),
            ProgressListener.NONE);
    assertEquals(source, report.sourceLayout());
    assertEquals(Layout.MAPPED, report.image().layout());
    assertEquals(Layout.MAPPED, layout(made));
  }

  @Test
  void aBackendThatCannotMapIsToldOfWithWhatToDo() throws Exception {
    backend.refused = EnumSet.of(Capability.DIRECT_MAPPED);
    RequestException e = assertThrows(RequestException.class, () -> save(request()));
    assertEquals("faulty says: [direct-mapped] is not granted", e.why());
    assertEquals("ask for the layout stream, or choose another target or backend", e.remedy());
    assertEquals(Layout.STREAM, save(request().layout(Layout.STREAM)).image().layout());
  }

  @Test
  void directMappedIsNotSpokenOfWhereItIsNotTheTrouble() {
    backend.refused = EnumSet.of(Capability.BYPASS_CACHE);
    RequestException e =
        assertThrows(
            RequestException.class, () -> save(request().capabilities(Capability.BYPASS_CACHE)));
    assertFalse(e.getMessage().contains("direct-mapped"), e.getMessage());
    assertTrue(e.getMessage().contains("bypass-cache"), e.getMessage());
  }
}
