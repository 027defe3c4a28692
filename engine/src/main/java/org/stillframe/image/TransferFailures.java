/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.stillframe.error.CancelledException;
import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.error.StorageException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.system.Errno;

/** Turns failures of storage into ours, naming the place. Stateless. */
public final class TransferFailures {
  private TransferFailures() {}

  /**
   * The failure of a transfer.
   *
   * @param what the target, and the offset where one is known
   */
  public static StillframeException of(String what, IOException cause) {
    if (cause instanceof InterruptedIOException) {
      return new CancelledException(
          ErrorCode.CANCELLED, what, "the transfer was interrupted", "", cause);
    }
    String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    if (cause instanceof SystemCallException call && Errno.isFull(call.errno())) {
      return new StorageException(
          ErrorCode.TARGET_FULL, what, why, "free some space or choose another target", cause);
    }
    return new StorageException(
        ErrorCode.STORAGE, what, why, "see the system's log for what the storage reported", cause);
  }

  /**
   * The same failure, with the image that it belongs to if it speaks of the stream alone: an
   * operator has many.
   *
   * @param name what messages call the image
   */
  static StillframeException named(String name, StillframeException failure) {
    if (failure.what().startsWith(name)) {
      return failure;
    }
    // What is told of a place in the image itself goes on where its name ends.
    String what = name + (failure.what().startsWith("at byte ") ? " " : ", ") + failure.what();
    if (failure instanceof DamagedException) {
      return new DamagedException(what, failure.why(), failure.remedy(), failure);
    }
    if (failure instanceof RequestException) {
      return new RequestException(failure.code(), what, failure.why(), failure.remedy(), failure);
    }
    return failure;
  }

  /** Ends the work of a channel that was told to give up, where no wait would tell it. */
  static void checkInterrupt(String what) throws CancelledException {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancelledException(ErrorCode.CANCELLED, what, "the transfer was interrupted", "");
    }
  }
}
