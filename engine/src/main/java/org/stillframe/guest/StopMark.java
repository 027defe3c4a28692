/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * Notes in QEMU that a guest stands still because we have stopped it, for those who come after us
 * if we are killed. They name our process, so that they know that we were. The first is left ahead
 * of the stop, as we may be killed as soon as QEMU has heard of it; the second, once the devices
 * are there, names the point in the guest's own time, so that they know that it has not run since.
 * Thread-safe.
 */
public final class StopMark {
  private static final String AHEAD = "stillframe is about to stop the guest: ";
  private static final String STOPPED = "stillframe has stopped the guest: ";
  private static final String TIME = ", guest time ";

  /** The third group is the guest's time, which the first note has not. */
  private static final Pattern NOTE =
      Pattern.compile(
          "(?:" + AHEAD + "|" + STOPPED + ")" + ProcessName.PATTERN + "(?:" + TIME + "(\\S+))?");

  private static final Pattern GIVEN =
      Pattern.compile(QmpDescriptorSet.GIVEN + ProcessName.PATTERN);

  private final SystemCalls system;
  private final DeviceCapture capture;

  /** Marks with these. */
  public StopMark(SystemCalls system) {
    this.system = system;
    capture = new DeviceCapture(system);
  }

  /** Leaves the first note. */
  void announce(Guest guest) throws StillframeException {
    leave(guest, AHEAD, "");
  }

  /**
   * Leaves the second note.
   *
   * @param devices of the guest as it stands still
   */
  void leave(Guest guest, DeviceStates devices) throws StillframeException {
    leave(guest, STOPPED, TIME + devices.time());
  }

  private void leave(Guest guest, String what, String more) throws StillframeException {
    try (Descriptor any = system.open(Path.of("/dev/null"), OpenFlags.READ_ONLY, 0)) {
      guest.leaveNote(what + ProcessName.self() + more, any);
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
    List<Long> leftOver = new ArrayList<>();
    Set<ProcessName> ahead = new HashSet<>();
    Set<ProcessName> stopped = new HashSet<>();
    Set<String> times = new HashSet<>();
    for (Map.Entry<Long, String> note : guest.notes().entrySet()) {
      Matcher matcher = NOTE.matcher(note.getValue());
      if (matcher.matches()) {
        ProcessName process = new ProcessName(matcher.group(1), matcher.group(2));
        if (isGone(guest, process)) {
          leftOver.add(note.getKey());
          if (matcher.group(3) == null) {
            ahead.add(process);
          } else {
            stopped.add(process);
            times.add(matcher.group(3));
          }
        }
      } else if (isLeftOver(note.getValue())) {
        leftOver.add(note.getKey());
      }
    }
    // Whoever came as far as to the second note has told more.
    boolean brought =
        !stopped.containsAll(ahead) || !times.isEmpty() && times.contains(capture.of(guest).time());
    if (brought) {
      guest.resume();
    }
    for (long note : leftOver) {
      guest.removeNote(note);
    }
    return brought;
  }

  /** Takes the notes away, and what processes that have ended had given to QEMU. */
  public void remove(Guest guest) throws StillframeException {
    for (Map.Entry<Long, String> note : guest.notes().entrySet()) {
      if (NOTE.matcher(note.getValue()).matches() || isLeftOver(note.getValue())) {
        guest.removeNote(note.getKey());
      }
    }
  }

  /** Whether the process of a note has ended; not if nobody here can tell. */
  private static boolean isGone(Guest guest, ProcessName process) throws GuestException {
    ProcessName.State state = process.state();
    if (state == ProcessName.State.ALIVE) {
      throw new GuestException(
          ErrorCode.GUEST,
          "guest at " + guest.address(),
          "process " + process.number() + " has stopped it, and is saving it",
          "wait until that has ended; QMP 'cont' would spoil its image");
    }
    return state == ProcessName.State.GONE;
  }

  /** Whether these are descriptors of somebody who has no use for them any more. */
  private static boolean isLeftOver(String text) {
    Matcher matcher = GIVEN.matcher(text);
    return matcher.matches()
        && new ProcessName(matcher.group(1), matcher.group(2)).state() == ProcessName.State.GONE;
  }
}
