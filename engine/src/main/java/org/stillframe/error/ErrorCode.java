/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.error;

/**
 * The kinds of failure. Names are stable: programs may store and compare them; new ones may be
 * added.
 */
public enum ErrorCode {
  /** The image is damaged, incomplete or not an image. */
  DAMAGED(1),
  /** The request makes no sense as it stands. */
  INVALID_REQUEST(2),
  /** The request is sound, but this target, backend or QEMU cannot grant it. */
  UNSUPPORTED(2),
  /** The target exists and was not to be replaced. */
  TARGET_EXISTS(2),
  /** The storage has no room left (space, quota or file size). */
  TARGET_FULL(3),
  /** The storage failed in any other way. */
  STORAGE(3),
  /** The guest or its QMP monitor failed or refused. */
  GUEST(4),
  /** The image is sound, but the guest that was to take it is another machine. */
  INCOMPATIBLE(4),
  /** The deadline of the request has passed. */
  DEADLINE_EXCEEDED(4),
  /** Somebody asked for it to stop. */
  CANCELLED(130);

  private final int exitStatus;

  ErrorCode(int exitStatus) {
    this.exitStatus = exitStatus;
  }

  /** The exit status of the command for this kind of failure: 1, 2, 3, 4 or 130. */
  public int exitStatus() {
    return exitStatus;
  }
}
