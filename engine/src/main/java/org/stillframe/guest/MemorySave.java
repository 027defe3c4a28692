/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.stillframe.channel.ChannelRun;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.SharedCursor;
import org.stillframe.channel.Supervision;
import org.stillframe.channel.Throttle;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.stream.Configuration;
import org.stillframe.stream.DeviceStates;
import org.stillframe.stream.ImageSummary;
import org.stillframe.stream.MultifdSink;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.RamWriter;
import org.stillframe.stream.StreamInput;
import org.stillframe.stream.StreamParser;
import org.stillframe.system.Descriptor;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.PresentPages;
import org.stillframe.system.SystemCalls;

/**
 * The route {@code memory}, outgoing: no migration runs. The guest is stopped, its devices come by
 * one command into memory, and RAM is read out of QEMU's process by several threads. Thread-safe.
 */
public final class MemorySave {
  private static final Logger LOG = LoggerFactory.getLogger(MemorySave.class);
  private static final int PAGE = PresentPages.PAGE;

  private final SystemCalls system;
  private final ChannelScheduler scheduler;
  private final DeviceCapture capture;

  /** Saves with these. */
  public MemorySave(SystemCalls system, ChannelScheduler scheduler) {
    this.system = system;
    this.scheduler = scheduler;
    capture = new DeviceCapture(system);
  }

  /**
   * Saves the guest. When this returns, the guest stands still, and all of it was handed to the
   * sink and drained, which the caller then makes durable. When this throws, the guest may stand
   * still too: the caller lets it run on. In both cases the caller takes the mark away in the end.
   *
   * @param channels 1 to 255
   * @param mark of this save
   */
  public SaveOutcome save(
      Guest guest,
      MultifdSink sink,
      int channels,
      Pace pace,
      StopMark mark,
      Supervision supervision)
      throws StillframeException {
    GuestMemory found = GuestMemory.find(system, guest);
    supervision.enter(Phase.TRANSFER);
    GuestStatus status = guest.status();
    Optional<Instant> stoppedAt = Optional.empty();
    if (status.running()) {
      mark.announce(guest);
      guest.pause();
      stoppedAt = Optional.of(Instant.now());
    }
    StillGuest still = StillGuest.of(guest);
    // At once: who is killed before the second note has told less.
    DeviceStates devices = capture.of(guest);
    if (status.running()) {
      mark.leave(guest, devices);
    } else {
      devices.setState(status.name());
    }
    // A guest that runs has RAM resized by its firmware, and plugged by others.
    GuestMemory memory = found.isAt(guest.ram()) ? found : GuestMemory.find(system, guest);
    supervision.expect(memory.blocks().stream().mapToLong(RamBlock::usedLength).sum());
    Optional<Guest> stopped = status.running() ? Optional.of(guest) : Optional.empty();
    StreamInput stream = new StreamInput(frame(guest, memory, devices));
    AtomicReference<ImageSummary> summary = new AtomicReference<>();
    // The sink writes some of it at once.
    ChannelTask head = () -> summary.set(new StreamParser().parse(stream, sink.listener()));
    run(List.of(head), stopped, still, supervision);
    try (SharedRam shared = SharedRam.toRead(system, memory);
        Descriptor pageMap = system.open(memory.pageMap(), OpenFlags.READ_ONLY, 0)) {
      run(
          readers(memory, pageMap, shared, sink, channels, pace, supervision),
          stopped,
          still,
          supervision);
      still.confirm();
      return new SaveOutcome(summary.get(), stoppedAt, shared.bytes());
    } catch (SystemCallException e) {
      throw GuestMemory.failure(guest, e);
    }
  }

  /**
   * Runs channels that use the sink.
   *
   * @param stopped the guest, if it is to be let run when this fails
   */
  private void run(
      List<ChannelTask> tasks, Optional<Guest> stopped, StillGuest still, Supervision supervision)
      throws StillframeException {
    try (ChannelRun run = scheduler.start("memory", tasks)) {
      try {
        supervision.await(run, still);
      } catch (StillframeException | RuntimeException | Error e) {
        // Before the channels are waited for: storage that hangs must not hold up the guest.
        stopped.ifPresent(MemorySave::letRun);
        throw e;
      }
    }
  }

  private static void letRun(Guest guest) {
    try {
      guest.resume();
    } catch (StillframeException e) {
      // The caller tries again, and tells what fails.
      LOG.debug("{} was not let run at once", guest.address(), e);
    }
  }

  private List<ChannelTask> readers(
      GuestMemory memory,
      Descriptor pageMap,
      SharedRam shared,
      MultifdSink sink,
      int channels,
      Pace pace,
      Supervision supervision) {
    SharedCursor cursor =
        new SharedCursor(memory.blocks().stream().mapToLong(RamBlock::usedLength).toArray());
    long share = pace.maxBandwidth() == 0 ? 0 : Math.max(1, pace.maxBandwidth() / channels);
    List<ChannelTask> tasks = new ArrayList<>();
    for (int i = 0; i < channels; i++) {
      tasks.add(
          new MemoryReader(
              i,
              system,
              memory,
              pageMap,
              shared,
              cursor,
              sink,
              supervision.counter(),
              new Throttle(share)));
    }
    return tasks;
  }

  /** Makes the stream that a migration without pages would be. */
  private static StreamInput.Supply frame(Guest guest, GuestMemory memory, DeviceStates devices)
      throws StillframeException {
    Configuration configuration =
        new Configuration(guest.machine(), PAGE, List.of(), Optional.empty(), false);
    RamWriter writer = new RamWriter(configuration, devices.freeId());
    int room = RamWriter.MAX_HEAD + 512 * memory.areas().size() + 2 * RamWriter.MAX_FRAME;
    ByteBuffer head = ByteBuffer.allocate(room);
    writer.begin(memory.blocks(), head);
    memory.blocks().forEach(block -> writer.block(block, head));
    writer.finish(head);
    writer.end(head);
    writer.finish(head);
    ByteBuffer part = devices.devicePart(PAGE);
    head.flip();
    return () -> head.hasRemaining() ? take(head) : part.hasRemaining() ? take(part) : null;
  }

  private static ByteBuffer take(ByteBuffer all) {
    ByteBuffer chunk = all.duplicate();
    all.position(all.limit());
    return chunk;
  }
}
