/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.ProgressListener;
import org.stillframe.error.CancelledException;
import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.guest.Endpoint;
import org.stillframe.spi.TargetKind;
import org.stillframe.system.Connection;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;
import org.stillframe.target.TargetUri;

/** Receive, send and inspect: no monitor, real sockets. */
class ManagerStreamTest extends ManagerFixture {
  private final SystemCalls system = new SystemCalls();
  private final Sockets sockets = new Sockets(system);

  private Path socket() {
    return directory.resolve("socket");
  }

  private interface Work {
    void run() throws Exception;
  }

  private static Thread start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    thread.start();
    return thread;
  }

  /** Connects and sends once the manager listens. */
  private Thread sendToSocket(byte[] bytes) {
    return start(
        () -> {
          try (Connection connection =
              new Connection(system, sockets.tryConnect(socket()), TargetKind.SOCKET)) {
            connection.write(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
          }
        });
  }

  private ReceiveReport receive(byte[] bytes) throws Exception {
    Thread[] sender = new Thread[1];
    ReceiveRequest request =
        ReceiveRequest.builder(Endpoint.unix(socket()), TargetUri.file(image))
            .layout(Layout.STREAM)
            .build();
    ReceiveReport report =
        manager.receive(
            request,
            progress -> {
              if (progress.phase() == Phase.CONNECT && sender[0] == null) {
                sender[0] = sendToSocket(bytes);
              }
            });
    sender[0].join();
    return report;
  }

  @Test
  void aStreamThatIsReceivedBecomesAnImage() throws Exception {
    ReceiveReport report = receive(STREAM);
    assertArrayEquals(STREAM, Files.readAllBytes(image));
    assertEquals(STREAM.length, report.image().bytes());
    assertEquals(List.of("vm1.image"), files(), "the socket is gone");
  }

  @Test
  void aStreamThatIsCutBecomesNone() throws Exception {
    assertThrows(DamagedException.class, () -> receive(Arrays.copyOf(STREAM, STREAM.length - 9)));
    assertEquals(List.of(), files());
  }

  @Test
  void aPathThatIsTakenIsLeftAlone() throws Exception {
    Files.writeString(socket(), "precious");
    GuestException e = assertThrows(GuestException.class, () -> receive(STREAM));
    assertTrue(e.getMessage().contains("bind: "), e.getMessage());
    assertEquals(List.of("socket"), files());
    assertEquals("precious", Files.readString(socket()));
  }

  @Test
  void waitingForASenderCanBeCancelled() throws Exception {
    ReceiveRequest request =
        ReceiveRequest.builder(Endpoint.unix(socket()), TargetUri.file(image)).build();
    CancelledException e =
        assertThrows(
            CancelledException.class, () -> manager.receive(request, progress -> manager.cancel()));
    assertEquals(ErrorCode.CANCELLED, e.code());
    assertEquals(List.of(), files());
  }

  @Test
  void aDescriptorIsReceivedFromAndStaysOpen() throws Exception {
    Descriptor[] pair = sockets.pair();
    try (Descriptor ours = pair[0];
        Connection theirs = new Connection(system, pair[1], TargetKind.SOCKET)) {
      Thread sender =
          start(
              () -> {
                theirs.write(ByteBuffer.allocateDirect(STREAM.length).put(STREAM).flip());
                theirs.shutdownWrite();
              });
      manager.receive(
          ReceiveRequest.builder(Endpoint.descriptor(ours.number()), TargetUri.file(image))
              .layout(Layout.STREAM)
              .build(),
          ProgressListener.NONE);
      sender.join();
      assertEquals(TargetKind.SOCKET, system.facts(ours.number()).kind());
    }
    assertArrayEquals(STREAM, Files.readAllBytes(image));
  }

  private byte[] readAll(Connection connection) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
    while (connection.read(buffer.clear()) >= 0) {
      byte[] part = new byte[buffer.flip().remaining()];
      buffer.get(part);
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  private SendReport send() throws StillframeException {
    return manager.send(
        SendRequest.builder(TargetUri.file(image), Endpoint.unix(socket())).build(),
        ProgressListener.NONE);
  }

  @Test
  void anImageThatIsSentArrivesWhole() throws Exception {
    Files.write(image, STREAM);
    byte[][] arrived = new byte[1][];
    try (Descriptor listener = sockets.listen(socket())) {
      Thread receiver =
          start(
              () -> {
                try (Connection connection =
                    new Connection(system, sockets.accept(listener, 20_000), TargetKind.SOCKET)) {
                  arrived[0] = readAll(connection);
                }
              });
      SendReport report = send();
      receiver.join();
      assertEquals(STREAM.length, report.bytes());
      assertEquals("file:" + image, report.image());
    }
    assertArrayEquals(STREAM, arrived[0]);
  }

  @Test
  void aReceiverThatIsNotThereIsNamed() throws Exception {
    Files.write(image, STREAM);
    GuestException e = assertThrows(GuestException.class, this::send);
    assertEquals("unix:" + socket(), e.what());
    assertTrue(e.why().startsWith("connect: No such file"), e.why());
  }

  @Test
  void aFileIsNoSocket() throws Exception {
    Files.write(image, STREAM);
    try (Descriptor file = system.open(image, 0, 0)) {
      RequestException e =
          assertThrows(
              RequestException.class,
              () ->
                  manager.send(
                      SendRequest.builder(TargetUri.file(image), Endpoint.descriptor(file.number()))
                          .build(),
                      ProgressListener.NONE));
      assertEquals(ErrorCode.UNSUPPORTED, e.code());
      assertTrue(e.why().startsWith("it is a regular file"), e.why());
    }
  }

  @Test
  void anImageIsInspected() throws Exception {
    Files.write(image, STREAM);
    ImageDescription description =
        manager.inspect(
            InspectRequest.builder(TargetUri.file(image)).build(), ProgressListener.NONE);
    assertEquals("file:" + image, description.image());
    assertEquals("pc-q35-10.0", description.contents().configuration().machine());
    assertEquals(STREAM.length, description.contents().totalBytes());
    assertEquals("pc.ram", description.contents().blocks().get(0).block().name());
  }
}
