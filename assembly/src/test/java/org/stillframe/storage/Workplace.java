/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.storage;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.stillframe.backend.BackendRegistry;
import org.stillframe.backend.tmpfs.FaultPlan;
import org.stillframe.backend.tmpfs.TmpfsTestBackend;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.ProgressListener;
import org.stillframe.guest.Endpoint;
import org.stillframe.manager.ImageDescription;
import org.stillframe.manager.InspectRequest;
import org.stillframe.manager.Layout;
import org.stillframe.manager.MigrationManager;
import org.stillframe.manager.ReceiveRequest;
import org.stillframe.manager.SendRequest;
import org.stillframe.manager.Stillframe;
import org.stillframe.target.TargetUri;

/** A manager whose storage fails as ordered, and a directory on a tmpfs. */
final class Workplace implements AutoCloseable {
  final TmpfsTestBackend storage;
  final MigrationManager manager;
  final Path image;
  private final Path directory;

  /** Of what is received. */
  Layout layout = Layout.STREAM;

  Workplace(FaultPlan... plans) throws Exception {
    this(new TmpfsTestBackend(plans));
  }

  Workplace(TmpfsTestBackend storage) throws Exception {
    this.storage = storage;
    manager = Stillframe.builder().backends(BackendRegistry.of(List.of(storage))).build();
    directory = Files.createTempDirectory(Path.of("/dev/shm"), "stillframe-faults-");
    image = directory.resolve("vm1.image");
  }

  /** Receives a stream as the image of this place. */
  void receive(byte[] stream) throws Exception {
    receive(stream, TargetUri.file(image));
  }

  void receive(byte[] stream, TargetUri target) throws Exception {
    Path socket = directory.resolve("socket");
    Thread[] sender = new Thread[1];
    try {
      manager.receive(
          ReceiveRequest.builder(Endpoint.unix(socket), target)
              .replace(true)
              .layout(layout)
              .backend(TmpfsTestBackend.NAME)
              .build(),
          progress -> {
            if (progress.phase() == Phase.CONNECT && sender[0] == null) {
              sender[0] = new Thread(() -> send(stream, socket), "sender");
              sender[0].start();
            }
          });
    } finally {
      if (sender[0] != null) {
        sender[0].join();
      }
    }
  }

  private static void send(byte[] stream, Path socket) {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      ByteBuffer bytes = ByteBuffer.wrap(stream);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      // The manager has given up, which the test sees for itself.
    }
  }

  /** Sends the image of this place, and tells what arrived. */
  byte[] sent() throws Exception {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("incoming"));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      FutureTask<byte[]> receiver =
          new FutureTask<>(
              () -> {
                try (SocketChannel channel = server.accept()) {
                  return Channels.newInputStream(channel).readAllBytes();
                }
              });
      Thread thread = new Thread(receiver, "receiver");
      thread.setDaemon(true);
      thread.start();
      manager.send(
          SendRequest.builder(TargetUri.file(image), Endpoint.unix(address.getPath()))
              .backend(TmpfsTestBackend.NAME)
              .build(),
          ProgressListener.NONE);
      return receiver.get();
    } finally {
      Files.deleteIfExists(address.getPath());
    }
  }

  /** Reads the image of this place with the storage that it was made with. */
  ImageDescription inspect() throws Exception {
    return manager.inspect(
        InspectRequest.builder(TargetUri.file(image)).backend(TmpfsTestBackend.NAME).build(),
        ProgressListener.NONE);
  }

  /** The names of what is in the directory. */
  List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public void close() throws Exception {
    storage.letGo();
    manager.close();
    storage.close();
    for (String name : files()) {
      Files.delete(directory.resolve(name));
    }
    Files.delete(directory);
  }
}
