/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.stream.RamBlock;
import org.stillframe.system.Errno;
import org.stillframe.system.PresentPages;
import org.stillframe.system.ProcessMemory;
import org.stillframe.system.SystemCalls;

/**
 * The RAM of a guest in the process of its QEMU, where it was looked for and found. Immutable.
 *
 * @param monitor of the QEMU
 * @param process the QEMU itself
 * @param areas all RAM blocks, in QEMU's order
 */
record GuestMemory(Qmp monitor, int process, List<Area> areas) {
  /**
   * Where a block lies.
   *
   * @param block as it will stand in an image
   * @param host where it is in the process
   * @param writable whether QEMU may write it
   * @param anonymous whether what was never touched of it is zero
   * @param shared the part of a file that it is, where QEMU shares it
   */
  record Area(
      RamBlock block,
      HostRam host,
      boolean writable,
      boolean anonymous,
      Optional<SharedPart> shared) {}

  private static final String WHAT = "route memory";
  private static final String OTHER_ROUTE = "use the route multifd or stream";
  private static final String MAY =
      "run as root, with CAP_SYS_PTRACE, or as the user that QEMU was started as, where"
          + " kernel.yama.ptrace_scope is 0; or ";

  /** Copies the list. */
  GuestMemory {
    areas = List.copyOf(areas);
  }

  /**
   * Finds it, and tries whether it can be reached.
   *
   * @throws RequestException UNSUPPORTED with the reason if it cannot
   */
  static GuestMemory find(SystemCalls system, Guest guest) throws StillframeException {
    List<HostRam> ram = guest.ram();
    if (!HostRam.located(ram)) {
      throw refused(
          "QEMU " + guest.version() + " does not tell where RAM lies; 8.0 and newer do",
          OTHER_ROUTE);
    }
    if (guest.status().name().equals("suspended")) {
      // Its timers go on, and QEMU would leave it in a state from which it does not wake.
      throw refused("the guest is suspended, and could wake while its RAM is read", OTHER_ROUTE);
    }
    if (guest.memoryDevices().contains("virtio-mem")) {
      throw refused("the guest has virtio-mem, whose state is loaded before RAM", OTHER_ROUTE);
    }
    int process = guest.peer().process();
    if (process <= 0) {
      throw refused(
          "the process of QEMU cannot be seen from this namespace of processes, or runs as another"
              + " user than when it began to listen",
          "run where it can, for example on the host and not in a container; or " + OTHER_ROUTE);
    }
    MemoryMap map = map(process);
    List<Area> areas = new ArrayList<>();
    for (HostRam host : ram) {
      boolean anonymous =
          map.anonymous(host.address(), host.length())
              .orElseThrow(
                  () ->
                      refused(
                          "process "
                              + process
                              + ", which serves the monitor, has no RAM block "
                              + host.name()
                              + " where QEMU says: it is not QEMU itself",
                          "give the socket of QEMU's own monitor, or " + OTHER_ROUTE));
      RamBlock block = new RamBlock(areas.size(), host.name(), host.length(), OptionalLong.empty());
      Optional<SharedPart> shared = map.shared(host.address(), host.length());
      boolean writable = map.writable(host.address(), host.length());
      areas.add(new Area(block, host, writable, anonymous, shared));
    }
    GuestMemory memory = new GuestMemory(guest.address(), process, areas);
    memory.tryOut(system);
    return memory;
  }

  private static MemoryMap map(int process) throws RequestException {
    try {
      return MemoryMap.of(process);
    } catch (AccessDeniedException e) {
      throw refused(
          "the memory of QEMU, process "
              + process
              + ", may not be looked at: "
              + e.getMessage()
              + ": Permission denied",
          MAY + OTHER_ROUTE);
    } catch (NoSuchFileException e) {
      throw refused(
          "there is no " + e.getMessage() + ": QEMU has ended, or its process is hidden",
          "see whether it runs, and whether /proc is mounted with hidepid; or " + OTHER_ROUTE);
    } catch (IOException e) {
      throw refused(
          "the memory of QEMU, process " + process + ", cannot be looked at: " + e.getMessage(),
          OTHER_ROUTE);
    }
  }

  private void tryOut(SystemCalls system) throws RequestException {
    ProcessMemory memory = new ProcessMemory(system, process);
    memory.range(areas.get(0).host().address(), 1);
    try {
      memory.read(ByteBuffer.allocateDirect(1), 0, 1);
    } catch (SystemCallException e) {
      String remedy = e.errno() == Errno.EPERM ? MAY : "";
      throw refused(
          "the memory of QEMU, process " + process + ", cannot be read: " + e.getMessage(),
          remedy + OTHER_ROUTE);
    }
  }

  static RequestException refused(String why, String remedy) {
    return new RequestException(ErrorCode.UNSUPPORTED, WHAT, why, remedy);
  }

  /** The failure of a call beside its memory. */
  static GuestException failure(Guest guest, IOException e) {
    boolean lost = e instanceof SystemCallException call && call.errno() == Errno.ENOENT;
    return new GuestException(
        ErrorCode.GUEST,
        (lost ? "lost QEMU at " : "memory of QEMU at ") + guest.address(),
        e.getMessage(),
        "see QEMU's own log for why, if it has ended",
        e);
  }

  /** The failure of a call on it. */
  GuestException failure(String block, SystemCallException e) {
    boolean lost = e.errno() == Errno.ESRCH || e.errno() == Errno.EFAULT;
    return new GuestException(
        ErrorCode.GUEST,
        (lost ? "lost QEMU at " : "QEMU at ")
            + monitor
            + ", RAM block "
            + block
            + " in process "
            + process,
        e.getMessage(),
        "see QEMU's own log for why, if it has ended",
        e);
  }

  /** Whether QEMU still says of all its RAM that it is where it was found. */
  boolean isAt(List<HostRam> ram) {
    return ram.equals(areas.stream().map(Area::host).toList());
  }

  /** Which pages are there: see {@link PresentPages}. */
  Path pageMap() {
    return Path.of("/proc/" + process + "/pagemap");
  }

  /** All blocks, as they will stand in an image. */
  List<RamBlock> blocks() {
    return areas.stream().map(Area::block).toList();
  }
}
