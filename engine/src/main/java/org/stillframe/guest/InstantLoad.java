/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.util.List;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.image.InstantImage;
import org.stillframe.stream.ImageSummary;
import org.stillframe.system.FileCalls;

/**
 * Brings a guest back into a QEMU that has the image for its RAM: all but main memory is sent
 * through a socket. Thread-safe.
 */
public final class InstantLoad {
  private final StreamLoad stream;
  private final MappedProof proof;

  /** Loads with these. */
  public InstantLoad(StreamLoad stream, FileCalls files) {
    this.stream = stream;
    this.proof = new MappedProof(files);
  }

  /**
   * Loads the guest. When this returns, QEMU has taken all of it.
   *
   * @throws RequestException UNSUPPORTED if it cannot be seen whether QEMU has the image for its
   *     RAM; QEMU has heard of nothing then
   * @throws org.stillframe.error.GuestException INCOMPATIBLE if it has not; likewise
   */
  public ImageSummary load(Guest guest, InstantImage image, Supervision supervision)
      throws StillframeException {
    List<HostRam> ram = guest.ram();
    if (!HostRam.located(ram)) {
      throw new RequestException(
          ErrorCode.UNSUPPORTED,
          "restore at once into QEMU at " + guest.address(),
          "QEMU " + guest.version() + " does not tell where RAM lies; 8.0 and newer do",
          "restore without --mode instant");
    }
    RamMatch.require(ram, image.blocks());
    proof.require(guest, ram, image);
    return stream.load(guest, image, supervision);
  }
}
