/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.image.InstantImage;
import org.stillframe.stream.MappedBlock;
import org.stillframe.system.FileCalls;
import org.stillframe.system.FileIdentity;
import org.stillframe.system.MappedArea;

/**
 * Proves that the main memory of a QEMU that waits is the page area of an image, mapped
 * copy-on-write and never written to. What QEMU says of its options is not enough: since it opened
 * the file, another may have been published by the same name. So the kernel is asked. Stateless.
 */
final class MappedProof {
  private static final String EAGER = "restore it without --mode instant";

  private final FileCalls files;

  MappedProof(FileCalls files) {
    this.files = files;
  }

  /**
   * Looks.
   *
   * @throws RequestException UNSUPPORTED if this cannot be looked at
   * @throws GuestException INCOMPATIBLE if it is otherwise
   */
  void require(Guest guest, List<HostRam> ram, InstantImage image) throws StillframeException {
    int process = guest.peer().process();
    if (process <= 0) {
      throw unseen(guest, "the process of QEMU is in another namespace of processes");
    }
    MappedBlock main = image.main();
    HostRam host =
        ram.stream().filter(block -> block.name().equals(main.block().name())).findFirst().get();
    List<MappedPiece> pieces;
    try {
      pieces = MappedPiece.of(process, host.address(), host.length());
    } catch (IOException e) {
      throw unseen(
          guest,
          "the memory of QEMU, process "
              + process
              + ", may not be looked at ("
              + e.getMessage()
              + ")");
    }
    if (pieces.isEmpty()) {
      throw unseen(
          guest,
          "process "
              + process
              + ", which serves the monitor, has no RAM block "
              + host.name()
              + " where QEMU says: it is not QEMU itself");
    }
    for (MappedPiece piece : pieces) {
      Optional<String> difference = difference(guest, image, host, piece);
      if (difference.isPresent()) {
        throw new GuestException(
            ErrorCode.INCOMPATIBLE,
            "QEMU at " + guest.address() + ", RAM block " + host.name(),
            difference.get(),
            "start a new QEMU with what stillframe qemu-args "
                + image.target().name()
                + " --mode instant prints, or "
                + EAGER);
      }
    }
  }

  private Optional<String> difference(
      Guest guest, InstantImage image, HostRam host, MappedPiece piece) throws StillframeException {
    MappedArea area = piece.area();
    long expected = image.main().position(area.begin() - host.address());
    String why = null;
    if (!area.isOfFile()) {
      why = "it is no file, and the image was to be mapped there";
    } else if (!isFile(guest, image, area)) {
      why =
          "it is mapped from another file than the image, "
              + area.path()
              + ", which may have had the same name";
    } else if (area.offset() != expected) {
      why = "it is mapped from byte " + area.offset() + " of the image, and not " + expected;
    } else if (area.isShared()) {
      why = "the image is mapped there to be written to (share=on)";
    } else if (!area.access().startsWith("rw")) {
      why = "the guest could not write to it (rom=on)";
    } else if (piece.own() > 0) {
      why =
          piece.own()
              + " KiB of it were written to since it was mapped, by a restore that was begun, or"
              + " because of prealloc=on";
    }
    return Optional.ofNullable(why);
  }

  private boolean isFile(Guest guest, InstantImage image, MappedArea area)
      throws StillframeException {
    int fd = image.target().descriptor();
    try {
      FileIdentity file = files.identity(fd);
      if (file.inode() != area.file().inode()) {
        return false;
      }
      return file.device().equals(area.file().device())
          || files.identityWhenMapped(fd).equals(area.file());
    } catch (IOException e) {
      throw unseen(guest, "it cannot be told which file the image is (" + e.getMessage() + ")");
    }
  }

  private static RequestException unseen(Guest guest, String why) {
    return new RequestException(
        ErrorCode.UNSUPPORTED,
        "restore at once into QEMU at " + guest.address(),
        "whether QEMU has the image for its RAM cannot be seen: " + why,
        "run as root or as QEMU's user where its process can be seen, or " + EAGER);
  }
}
