/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** Who cannot reach QEMU's memory is told why, and what else will do. Needs root. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class MemoryRefusalTest extends GuestFixture {
  private CommandRun saveAs(String who, Path qmp, String options) throws Exception {
    String line = "%s $SF save --progress none --qmp %s %s %s".formatted(who, qmp, image, options);
    try (CommandProcess command = CommandProcess.shell(directory, line)) {
      return command.await();
    }
  }

  private QemuProcess guest() throws IOException {
    return Guests.verified(guests.qemu(QemuVersions.QEMU_10, "source").memoryInMemfd());
  }

  private static void assertRuns(QemuProcess qemu) throws IOException {
    try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
      assertEquals("running", monitor.status());
    }
  }

  private static String without(String... capabilities) {
    String list = "-" + String.join(",-", capabilities);
    return "setpriv --bounding-set=" + list + " --inh-caps=" + list;
  }

  @Test
  void withoutPermissionToTrace() throws Exception {
    try (QemuProcess qemu = guest()) {
      saveAs(without("sys_ptrace"), qemu.qmpSocket(), "--route memory")
          .failed(
              2,
              "route memory: the memory of QEMU, process " + qemu.pid(),
              "Operation not permitted",
              "run as root, with CAP_SYS_PTRACE, or as the user",
              "kernel.yama.ptrace_scope",
              "or use the route multifd or stream");
      assertRuns(qemu);
      JsonObject report = saveAs(without("sys_ptrace"), qemu.qmpSocket(), "--json").done().json();
      assertEquals("stream", report.get("route").getAsString());
    }
  }

  /** Without CAP_SYS_ADMIN the file is opened by a descriptor of QEMU. */
  @Test
  void lessThanRootMayShare() throws Exception {
    try (QemuProcess qemu = guest()) {
      saveAs(
              without("sys_admin", "checkpoint_restore"),
              qemu.qmpSocket(),
              "--route memory --then quit")
          .done()
          .printed("64 MiB of RAM are shared and were not copied");
    }
    try (QemuProcess qemu = guests.waiting(QemuVersions.QEMU_10, "restored")) {
      CommandRun.restore(qemu.qmpSocket(), image, "--route", "memory").done();
      qemu.awaitVerifiedRounds(2);
    }
  }

  @Test
  void inAnotherNamespaceOfProcesses() throws Exception {
    try (QemuProcess qemu = guest()) {
      saveAs("unshare --pid --fork", qemu.qmpSocket(), "--route memory")
          .failed(
              2,
              "route memory: the process of QEMU cannot be seen from this namespace",
              "run where it can",
              "or use the route multifd or stream");
      assertRuns(qemu);
      saveAs("unshare --pid --fork", qemu.qmpSocket(), "").done();
    }
  }

  @Test
  void whoOnlyStandsBetweenIsNotTakenForQemu() throws Exception {
    Path between = directory.resolve("between.sock");
    try (QemuProcess qemu = guest();
        ServerSocketChannel proxy = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      proxy.bind(UnixDomainSocketAddress.of(between));
      start(() -> serve(proxy, qemu.qmpSocket()));
      CommandRun.save(between, image, "--route", "memory")
          .failed(
              2,
              "route memory: process " + ProcessHandle.current().pid() + ", which serves",
              "no RAM block pc.ram where QEMU says: it is not QEMU itself",
              "give the socket of QEMU's own monitor, or use the route multifd or stream");
      CommandRun.save(between, image).done().printed("it is not QEMU itself");
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
  }

  /** Hands on all connections, one after another as QEMU serves them, until it is closed. */
  private static void serve(ServerSocketChannel proxy, Path to) {
    try {
      while (true) {
        try (SocketChannel client = proxy.accept();
            SocketChannel server = SocketChannel.open(UnixDomainSocketAddress.of(to))) {
          start(() -> pump(server, client));
          pump(client, server);
        }
      }
    } catch (AsynchronousCloseException e) {
      // The test is over.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pump(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    try {
      while (from.read(buffer.clear()) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
      }
    } catch (IOException e) {
      // Either end has gone.
    }
  }
}
