/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import org.stillframe.channel.ProgressListener;
import org.stillframe.error.StillframeException;

/**
 * Saves guests to storage and brings them back. The methods block until all is done, durable and
 * checked, or nothing is. Thread-safe: several guests can be saved at once.
 *
 * <p>A guest that ran runs on after a failed save, and an older image at a path stays as it was; a
 * descriptor or device, which is written in place, then holds no image. A guest that was paused may
 * be left in QEMU's state {@code postmigrate}; the failure says so. A listener is called on the
 * calling thread. A waiting thread can be interrupted, with the same outcome as {@link #cancel}.
 */
public interface MigrationManager extends AutoCloseable {
  /** Saves a running or paused guest. */
  SaveReport save(SaveRequest request, ProgressListener listener) throws StillframeException;

  /** Brings a guest back into a QEMU that was started with {@code -incoming defer}. */
  RestoreReport restore(RestoreRequest request, ProgressListener listener)
      throws StillframeException;

  /** Takes the migration stream of any QEMU, as its destination, and makes an image of it. */
  ReceiveReport receive(ReceiveRequest request, ProgressListener listener)
      throws StillframeException;

  /** Sends an image to any QEMU that waits for a migration, as its source. */
  SendReport send(SendRequest request, ProgressListener listener) throws StillframeException;

  /** Reads an image and tells what is in it. */
  ImageDescription inspect(InspectRequest request, ProgressListener listener)
      throws StillframeException;

  /** Reads an image and makes another of it, of the layout that is asked for. */
  ConvertReport convert(ConvertRequest request, ProgressListener listener)
      throws StillframeException;

  /**
   * Tells what a QEMU is to be started with to take the guest of an image, as far as the image
   * tells. For {@link RestoreMode#INSTANT} the image is checked as {@link #restore} would: one that
   * cannot serve is refused with the reason.
   */
  QemuArgumentsReport qemuArguments(QemuArgumentsRequest request) throws StillframeException;

  /**
   * Tells which storage backends there are, and which of them would serve a target and why. Makes
   * and changes nothing.
   */
  BackendsReport backends(BackendsRequest request) throws StillframeException;

  /**
   * Measures what the storage backends reach at a target. Makes a file of its own there, writes
   * over nothing, and removes the file at the end, whatever the end is.
   */
  BenchmarkReport benchmark(BenchmarkRequest request, ProgressListener listener)
      throws StillframeException;

  /**
   * Asks everything that this manager is doing to stop and clean up; returns at once. The calls end
   * with CANCELLED. What begins later is not concerned.
   */
  void cancel();

  /**
   * Cancels, waits until what was cancelled is cleaned up (half a minute at the most, if storage or
   * a QEMU hangs), and refuses further work as CANCELLED. Idempotent.
   */
  @Override
  void close();
}
