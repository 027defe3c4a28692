/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.nio.ByteBuffer;
import java.util.List;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.stream.DeviceStates;
import org.stillframe.system.Descriptor;
import org.stillframe.system.FileCalls;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.SystemCalls;

/** Has QEMU save the devices of a guest that stands still, into memory of ours. Thread-safe. */
final class DeviceCapture {
  private final FileCalls files;

  DeviceCapture(SystemCalls system) {
    files = new FileCalls(system);
  }

  /** The devices as they are now. */
  DeviceStates of(Guest guest) throws StillframeException {
    try (Descriptor memory = files.memory("stillframe-devices");
        Descriptor writable = files.reopen(memory.number(), OpenFlags.WRITE_ONLY)) {
      try (DescriptorSet set = guest.pass(List.of(writable))) {
        guest.saveDevices(set);
      }
      long length = files.size(memory.number());
      if (length > DeviceStates.MAX_LENGTH) {
        throw GuestMemory.refused(
            "the state of its devices has " + length + " bytes", "use the route stream");
      }
      ByteBuffer bytes = ByteBuffer.allocateDirect((int) length);
      files.read(memory.number(), bytes, 0);
      byte[] copy = new byte[bytes.flip().remaining()];
      bytes.get(copy);
      return DeviceStates.parse(copy);
    } catch (SystemCallException e) {
      throw GuestMemory.failure(guest, e);
    }
  }
}
