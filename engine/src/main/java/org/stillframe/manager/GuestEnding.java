/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.guest.Guest;
import org.stillframe.guest.StopMark;

/** What becomes of a guest whose image is complete. */
final class GuestEnding {
  private final Guest guest;
  private final StopMark mark;
  private final String image;

  GuestEnding(Guest guest, StopMark mark, String image) {
    this.guest = guest;
    this.mark = mark;
    this.image = image;
  }

  /**
   * Does to the guest what was asked for.
   *
   * @return what it is doing now, in QEMU's word; {@code quit} if its QEMU was ended
   * @throws StillframeException if it could not; the message says that the image is complete
   */
  String bring(AfterSave wish, boolean ran) throws StillframeException {
    try {
      switch (wish) {
        case RESUME -> {
          if (ran) {
            guest.resume();
          }
        }
        case QUIT -> {
          guest.quit();
          return "quit";
        }
        default -> {}
      }
      mark.remove(guest);
      return guest.status().name();
    } catch (CancelledException e) {
      throw new CancelledException(e.code(), what(wish), e.getMessage(), remedy(), e);
    } catch (StillframeException e) {
      throw new GuestException(ErrorCode.GUEST, what(wish), e.getMessage(), remedy(), e);
    }
  }

  private String what(AfterSave wish) {
    return "guest at " + guest.address() + " after its save (" + wish + ")";
  }

  private String remedy() {
    return "the image " + image + " is complete; see to the guest over QMP";
  }
}
