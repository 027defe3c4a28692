/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.stillframe.error.StillframeException;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Peer;

/**
 * A QEMU that we hold by one QMP connection. While it is open no other client is served there. Not
 * thread-safe.
 *
 * <p>Every command has a time-out and fails with a {@link org.stillframe.error.GuestException}
 * (GUEST) that holds QEMU's own words, if QEMU refuses it, does not answer in time, answers
 * nonsense or closes the connection. A thread that waits can be interrupted: {@link
 * org.stillframe.error.CancelledException} (CANCELLED), with the interrupt status still set; the
 * command may or may not have been carried out. {@link #cancelMigration}, {@link #pause}, {@link
 * #resume} and {@link SettingsScope#close} are for cleaning up and are carried out in an
 * interrupted thread too.
 */
public interface Guest extends AutoCloseable {
  /** Where it was reached. */
  Qmp address();

  /** What it said in its greeting. */
  QemuVersion version();

  /** What the guest is doing. {@code query-status}, since 0.14. */
  GuestStatus status() throws StillframeException;

  /**
   * The versioned machine type, for example {@code pc-q35-10.0}. {@code qom-get} of {@code
   * /machine}, since 1.2; a type's name ends in {@code -machine}, which is left out here.
   */
  String machine() throws StillframeException;

  /** The guest's UUID, all zero if it has none. {@code query-uuid}, since 0.14. */
  UUID uuid() throws StillframeException;

  /** The process that made the monitor's socket: QEMU, unless somebody stands between. */
  Peer peer();

  /**
   * The RAM that the guest was started with, in bytes, without what can be plugged. {@code
   * query-memory-size-summary}, since 2.11.
   */
  long baseMemory() throws StillframeException;

  /**
   * The memory backends by their names, which are those of their RAM blocks, and how large each is
   * in bytes. From QEMU 5.0 on, the RAM that a guest is started with is one of them. {@code
   * query-memdev}, since 2.1.
   */
  Map<String, Long> memoryBackends() throws StillframeException;

  /**
   * The RAM blocks, and where they lie in QEMU's process. {@code human-monitor-command} with {@code
   * info ramblock}, since 2.8; without addresses before 8.0.
   *
   * @return nothing if QEMU's answer is not understood
   */
  List<HostRam> ram() throws StillframeException;

  /**
   * The kinds of devices that are memory, for example {@code dimm} and {@code virtio-mem}. {@code
   * query-memory-devices}, since 2.1.
   */
  Set<String> memoryDevices() throws StillframeException;

  /**
   * Has QEMU save the state of all devices of a guest that stands still, and returns when it has;
   * see {@link org.stillframe.stream.DeviceStates}. {@code xen-save-devices-state}, since 1.1; with
   * {@code live} false, so that QEMU does not let go of its disks.
   */
  void saveDevices(DescriptorSet file) throws StillframeException;

  /**
   * How far the migration is, outgoing or incoming. {@code query-migrate}, since 0.14.
   *
   * <p>A QEMU before 9.1 ends when it refuses an incoming stream, and its connection with it.
   */
  MigrationProgress migration() throws StillframeException;

  /**
   * Sets capabilities and parameters and remembers what was there. On failure everything is put
   * back before this throws. {@code migrate-set-capabilities} and {@code
   * query-migrate-capabilities} since 1.2, {@code migrate-set-parameters} and {@code
   * query-migrate-parameters} since 2.4.
   *
   * @throws org.stillframe.error.RequestException UNSUPPORTED if this QEMU has not got something
   *     that the settings require; nothing was touched then
   * @throws org.stillframe.error.GuestException GUEST if a migration is under way, or QEMU refuses
   */
  SettingsScope apply(MigrationSettings settings) throws StillframeException;

  /**
   * Starts saving the guest into a socket or pipe and returns at once. {@code getfd} and {@code
   * migrate} with {@code fd:}, since 0.14.
   *
   * @param socket for QEMU to write to; stays open here, and the caller closes it: as long as any
   *     copy is open the reader sees no end
   */
  void migrateTo(Descriptor socket) throws StillframeException;

  /**
   * Starts saving the guest into a socket that listens at this path and returns at once: with
   * multifd QEMU connects to it several times. {@code migrate} with {@code unix:}, since 0.14.
   */
  void migrateTo(Path socket) throws StillframeException;

  /**
   * Starts loading the guest from a socket or pipe and returns at once. QEMU must have been started
   * with {@code -incoming defer}. {@code migrate-incoming}, since 2.3; asked with {@code
   * exit-on-error} false where QEMU has that (since 9.1), so that QEMU outlives a stream that it
   * refuses: {@link #migration} then says {@code failed}, and QEMU's own log says why. It takes no
   * second stream.
   *
   * @param socket for QEMU to read from; stays open here, and the caller closes it
   */
  void loadFrom(Descriptor socket) throws StillframeException;

  /**
   * Lets QEMU listen at a path, which must be free, for a guest to load, and returns once it does.
   * Otherwise as {@link #loadFrom(Descriptor)}.
   */
  void loadFrom(Path socket) throws StillframeException;

  /**
   * Passes descriptors of one file as a set, which is to be closed when the migration has ended.
   * {@code add-fd} and {@code remove-fd}, since 1.2. Carried out in an interrupted thread too.
   *
   * @param descriptors at least one, each of which fits another way of opening the file: QEMU
   *     compares access mode and, since 9.1, O_DIRECT; they stay open here
   */
  DescriptorSet pass(List<Descriptor> descriptors) throws StillframeException;

  /**
   * Leaves a text with QEMU that outlives this connection, and this process. {@code add-fd}, since
   * 1.2: it is what the set of a descriptor is called. A QEMU before 9.1 drops it when the last
   * monitor leaves while the guest runs.
   *
   * @param any descriptor, which the set needs to be one; stays open here
   */
  void leaveNote(String text, Descriptor any) throws StillframeException;

  /**
   * All such texts, also those of others, by a number of QEMU's. {@code query-fdsets}, since 1.2.
   * Carried out in an interrupted thread too.
   */
  Map<Long, String> notes() throws StillframeException;

  /**
   * Takes such a text away. {@code remove-fd}, since 1.2. Carried out in an interrupted thread too.
   */
  void removeNote(long number) throws StillframeException;

  /**
   * Starts saving the guest into a file and returns at once. {@code migrate} with {@code file:},
   * since 8.2. QEMU cuts the file to nothing first. Where a descriptor that QEMU looks for is not
   * in the set, QEMU may crash, and the guest with it: what is in it was tried before.
   */
  void migrateTo(DescriptorSet file) throws StillframeException;

  /**
   * Starts loading the guest from a file and returns at once; otherwise as {@link
   * #loadFrom(Descriptor)}. {@code migrate-incoming} with {@code file:}, since 8.2.
   */
  void loadFrom(DescriptorSet file) throws StillframeException;

  /** Whether one of the calls above was made: until then QEMU has heard nothing of a guest. */
  boolean toldToLoad();

  /**
   * Asks QEMU to give up the outgoing migration, and returns at once; nothing happens if there is
   * none. {@code migrate_cancel}, since 0.14.
   */
  void cancelMigration() throws StillframeException;

  /**
   * The next event, oldest first. Events that come while a command waits for its answer are kept
   * for this, the newest 4096 of them: an event tells when to look, {@link #migration} what is so.
   *
   * @param timeout zero or less looks without waiting
   * @return empty if none came in time
   */
  Optional<GuestEvent> awaitEvent(Duration timeout) throws StillframeException;

  /**
   * Stops the guest's processors. While the status is {@code inmigrate}, says instead that the
   * guest is to stay paused once it is loaded. {@code stop}, since 0.14.
   */
  void pause() throws StillframeException;

  /**
   * Lets the guest run. While the status is {@code inmigrate}, says instead that it is to run once
   * it is loaded. {@code cont}, since 0.14.
   */
  void resume() throws StillframeException;

  /**
   * Ends QEMU. That it closes the connection is success. {@code quit}, since 0.14. Nothing else can
   * be asked afterwards.
   */
  void quit() throws StillframeException;

  /** Closes the connection and leaves the guest as it is. Idempotent. */
  @Override
  void close();
}
