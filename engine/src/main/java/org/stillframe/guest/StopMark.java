/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.stream.DeviceStates;
import org.stillframe.system.Descriptor;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.SystemCalls;

/**
 * A note in QEMU that a guest stands still because we have stopped it, for those who come after us
 * if we are killed. It names our process, so that they know that we were, and the point in the
 * guest's own time, so that they know that it has not run since. Thread-safe.
 */
public final class StopMark {
  private static final String TEXT =
      "stillframe has stopped the guest: process %s of %s, guest time %s";
  private static final Pattern NOTE =
      Pattern.compile(
          "stillframe has stopped the guest: process (\\d+ since \\d+) of (\\S+), guest time (\\S+)");

  /** Where the start time stands in /proc/PID/stat behind the name in brackets (proc(5)). */
  private static final int START_TIME = 19;

  private final SystemCalls system;
  private final DeviceCapture capture;

  /** Marks with these. */
  public StopMark(SystemCalls system) {
    this.system = system;
    capture = new DeviceCapture(system);
  }

  /**
   * Leaves the note.
   *
   * @param devices of the guest as it stands still
   */
  void leave(Guest guest, DeviceStates devices) throws StillframeException {
    try (Descriptor any = system.open(Path.of("/dev/null"), OpenFlags.READ_ONLY, 0)) {
      String process = process("self");
      guest.leaveNote(TEXT.formatted(process, namespace(), devices.time()), any);
    } catch (IOException e) {
      throw GuestMemory.failure(guest, e);
    }
  }

  /**
   * Lets a guest run that one of us had stopped and could not let run on.
   *
   * @return whether there was one
   * @throws GuestException if it stands still for one of us who is at work
   */
  public boolean bringOn(Guest guest) throws StillframeException {
    if (!guest.status().name().equals("paused")) {
      return false;
    }
    boolean brought = false;
    for (Map.Entry<Long, String> note : guest.notes().entrySet()) {
      Matcher matcher = NOTE.matcher(note.getValue());
      if (matcher.matches() && isGone(guest, matcher.group(1), matcher.group(2))) {
        if (!brought && capture.of(guest).time().equals(matcher.group(3))) {
          guest.resume();
          brought = true;
        }
        guest.removeNote(note.getKey());
      }
    }
    return brought;
  }

  /** Takes the note away. */
  public void remove(Guest guest) throws StillframeException {
    for (Map.Entry<Long, String> note : guest.notes().entrySet()) {
      if (NOTE.matcher(note.getValue()).matches()) {
        guest.removeNote(note.getKey());
      }
    }
  }

  /** Whether the process of a note has ended; not if nobody here can tell. */
  private static boolean isGone(Guest guest, String process, String namespace)
      throws StillframeException {
    try {
      if (!namespace.equals(namespace())) {
        return false;
      }
      String number = process.substring(0, process.indexOf(' '));
      if (!process.equals(process(number))) {
        return true;
      }
      throw new GuestException(
          ErrorCode.GUEST,
          "guest at " + guest.address(),
          "process " + number + " has stopped it, and is saving it",
          "wait until that has ended; QMP 'cont' would spoil its image");
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** A process, and when it was started. */
  private static String process(String name) throws IOException {
    // The name of its program, which is in it, may be of any bytes.
    Path file = Path.of("/proc/" + name + "/stat");
    String stat = Files.readString(file, StandardCharsets.ISO_8859_1);
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return stat.substring(0, stat.indexOf(' ')) + " since " + fields[START_TIME];
  }

  private static String namespace() throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
  }
}
