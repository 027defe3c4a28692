/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Tells whether a QEMU can connect to a socket that has a path of ours. Stateless. */
public final class SocketReach {
  private static final Path OWN = Path.of("/proc/self");

  private SocketReach() {}

  /** What is in the way, as far as can be told without trying; empty if nothing is. */
  public static Optional<String> obstacle(Guest guest) {
    Path process = Path.of("/proc/" + guest.peer().process());
    try {
      if (!link(process, "ns/mnt").equals(link(OWN, "ns/mnt"))) {
        return Optional.of("QEMU sees other file systems than this process");
      }
      if (!link(process, "root").equals(link(OWN, "root"))) {
        return Optional.of("QEMU runs in a root directory of its own");
      }
      String confinement = confinement(process);
      return confinement.equals(confinement(OWN))
          ? Optional.empty()
          : Optional.of("QEMU is confined to what '" + confinement + "' allows");
    } catch (IOException e) {
      return Optional.of("what QEMU may connect to cannot be seen (" + e.getMessage() + ")");
    }
  }

  private static Path link(Path process, String name) throws IOException {
    return Files.readSymbolicLink(process.resolve(name));
  }

  /** The profile or context of AppArmor or SELinux, without the NUL that may end it. */
  private static String confinement(Path process) {
    try {
      Path current = process.resolve("attr/current");
      return Files.readString(current, StandardCharsets.ISO_8859_1).replace("\0", "").strip();
    } catch (IOException e) {
      // No such module is there to be asked.
      return "";
    }
  }
}
