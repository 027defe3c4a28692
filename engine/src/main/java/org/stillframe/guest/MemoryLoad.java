/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.stillframe.channel.ChannelRun;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.Configuration;
import org.stillframe.stream.GuestFrame;
import org.stillframe.stream.MainStreamEncoder;
import org.stillframe.stream.MultifdSource;
import org.stillframe.stream.OrderedSource;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.StreamInput;
import org.stillframe.system.Connection;
import org.stillframe.system.Descriptor;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.PresentPages;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;

/**
 * The route {@code memory}, incoming: RAM is written into the process of a QEMU that waits, by
 * several threads, and then it loads a stream without pages, which leaves RAM as it finds it.
 * Thread-safe.
 */
public final class MemoryLoad {
  private final SystemCalls system;
  private final Sockets sockets;
  private final ChannelScheduler scheduler;

  /** Loads with these. */
  public MemoryLoad(SystemCalls system, Sockets sockets, ChannelScheduler scheduler) {
    this.system = system;
    this.sockets = sockets;
    this.scheduler = scheduler;
  }

  /**
   * Loads the guest. When this returns, QEMU has taken all of it. When this throws, the QEMU is of
   * no use any more, and runs nothing.
   *
   * @param channels 1 to 255
   * @return how many bytes of RAM are shared by QEMU and came from storage without a copy
   */
  public long load(Guest guest, MultifdSource source, int channels, Supervision supervision)
      throws StillframeException {
    requirePages(source.configuration());
    GuestMemory memory = GuestMemory.find(system, guest);
    if (source.earlySections().length > 0) {
      throw early();
    }
    Map<String, GuestMemory.Area> areas = match(memory, source.blocks());
    IncomingMigration migration =
        new IncomingMigration(guest, () -> Optional.of(source.configuration()));
    supervision.enter(Phase.TRANSFER);
    long uncopied;
    try (SharedRam shared = SharedRam.toWrite(system, memory);
        Descriptor pageMap = system.open(memory.pageMap(), OpenFlags.READ_ONLY, 0);
        ChannelRun run =
            scheduler.start(
                "memory", writers(memory, areas, pageMap, shared, source, channels, supervision))) {
      supervision.await(run, () -> {});
      uncopied = shared.bytes();
    } catch (SystemCallException e) {
      throw GuestMemory.failure(guest, e);
    }
    send(guest, source, migration, supervision);
    return uncopied;
  }

  /**
   * Loads the guest out of a stream, by one thread that understands it. Otherwise as the other:
   * when this returns, QEMU has taken all of it; when it throws, the QEMU runs nothing.
   */
  public void load(Guest guest, OrderedSource source, Supervision supervision)
      throws StillframeException {
    GuestMemory memory = GuestMemory.find(system, guest);
    try (Descriptor pageMap = system.open(memory.pageMap(), OpenFlags.READ_ONLY, 0)) {
      MemoryIntake intake = new MemoryIntake(system, memory, pageMap);
      IncomingMigration migration = new IncomingMigration(guest, intake::known);
      supervision.enter(Phase.TRANSFER);
      supervision.run(scheduler, "memory", source.channels(intake, supervision.counter()));
      send(guest, intake, migration, supervision);
    } catch (SystemCallException e) {
      throw GuestMemory.failure(guest, e);
    }
  }

  /** Devices that are loaded before RAM would find it already there. */
  static RequestException early() {
    return GuestMemory.refused(
        "the image has devices that must be loaded before RAM, such as virtio-mem",
        "use the route multifd or stream");
  }

  /**
   * What is cleared, and looked at, is pages of the host: more than a smaller one of the guest's.
   */
  static void requirePages(Configuration configuration) throws RequestException {
    if (configuration.pageSize() % PresentPages.PAGE != 0) {
      throw GuestMemory.refused(
          "the guest has pages of "
              + configuration.pageSize()
              + " bytes, and the host of "
              + PresentPages.PAGE,
          "use the route multifd or stream");
    }
  }

  /** Every block must be there with the same length, to be written, before a byte is. */
  static Map<String, GuestMemory.Area> match(GuestMemory memory, List<RamBlock> blocks)
      throws StillframeException {
    RamMatch.require(memory.areas().stream().map(GuestMemory.Area::host).toList(), blocks);
    Map<String, GuestMemory.Area> areas = new HashMap<>();
    for (GuestMemory.Area area : memory.areas()) {
      if (!area.writable()) {
        throw new GuestException(
            ErrorCode.INCOMPATIBLE,
            "RAM block " + area.block().name(),
            "QEMU itself may only read it, and nobody can restore it",
            "start QEMU with a memory backend that is not readonly");
      }
      areas.put(area.block().name(), area);
    }
    return areas;
  }

  private List<ChannelTask> writers(
      GuestMemory memory,
      Map<String, GuestMemory.Area> areas,
      Descriptor pageMap,
      SharedRam shared,
      MultifdSource source,
      int channels,
      Supervision supervision) {
    List<ChannelTask> tasks = new ArrayList<>();
    for (int i = 0; i < channels; i++) {
      tasks.add(
          new MemoryWriter(
              i, system, memory, areas, pageMap, shared, source, supervision.counter()));
    }
    return tasks;
  }

  /** Sends all but the pages. */
  private void send(
      Guest guest, GuestFrame source, IncomingMigration migration, Supervision supervision)
      throws StillframeException {
    try (SettingsScope settings = guest.apply(MigrationSettings.load())) {
      Descriptor[] pair = sockets.pair();
      try (Connection ours = new Connection(system, pair[0], TargetKind.SOCKET)) {
        try (Descriptor theirs = pair[1]) {
          guest.loadFrom(theirs);
        }
        ChannelTask frame = () -> frame(source, ours);
        try (ChannelRun run = scheduler.start("memory", List.of(frame))) {
          supervision.await(run, migration);
        }
        ours.shutdownWrite();
        migration.awaitEnd(supervision);
      } catch (GuestException e) {
        throw migration.explain(e);
      }
    } catch (IOException e) {
      throw GuestMemory.failure(guest, e);
    }
  }

  private static void frame(GuestFrame source, Connection to) throws StillframeException {
    MainStreamEncoder encoder = new MainStreamEncoder(false, source.sectionId());
    try {
      to.write(MultifdMainSender.direct(MainStreamEncoder.header()));
      to.write(MultifdMainSender.direct(encoder.list(source.configuration(), source.blocks())));
      to.write(MultifdMainSender.direct(encoder.lastSection()));
      to.write(MultifdMainSender.direct(encoder.lastSectionEnd()));
      StreamInput.Supply devices = source.devices();
      for (ByteBuffer chunk = devices.next(); chunk != null; chunk = devices.next()) {
        to.write(chunk);
      }
    } catch (IOException e) {
      throw MultifdFailures.of("migration stream", e);
    }
  }
}
