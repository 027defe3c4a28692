/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.stream.DeviceStates;
import org.stillframe.system.Descriptor;
import org.stillframe.system.FileCalls;
import org.stillframe.system.SystemCalls;

/**
 * Notes of one save in QEMU that a guest stands still because we have stopped it, for those who
 * come after us if we are killed, or lose QEMU's monitor. They name our process and our save, so
 * that others know whether it has ended: as long as it has not, the process has a file in memory
 * open that is called so. The first note is left ahead of the stop, as we may be killed as soon as
 * QEMU has heard of it; the second, once the devices are there, names the point in the guest's own
 * time, so that others know that it has not run since. Used by one thread; closed when the save has
 * ended.
 */
public final class StopMark implements Closeable {
  private static final String AHEAD = "stillframe is about to stop the guest: ";
  private static final String STOPPED = "stillframe has stopped the guest: ";
  private static final String SAVE = ", save ";
  private static final String TIME = ", guest time ";

  /** How the file of a save is called. */
  private static final String SIGN = "stillframe-save-";

  /** The third group is the save, the fourth the guest's time, which the first note has not. */
  private static final Pattern NOTE =
      Pattern.compile(
          "(?:%s|%s)%s%s([^ ,]+)(?:%s(\\S+))?"
              .formatted(AHEAD, STOPPED, ProcessName.PATTERN, SAVE, TIME));

  private static final Pattern GIVEN =
      Pattern.compile(QmpDescriptorSet.GIVEN + ProcessName.PATTERN);

  private final FileCalls files;
  private final DeviceCapture capture;
  private final String save = UUID.randomUUID().toString();

  /** Open as long as the save may be at work; null before there is a note. */
  private Descriptor sign;

  /** The mark of a save that begins. */
  public StopMark(SystemCalls system) {
    files = new FileCalls(system);
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
    try {
      if (sign == null) {
        sign = files.memory(SIGN + save);
      }
      guest.leaveNote(what + ProcessName.self() + SAVE + save + more, sign);
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
    Set<String> ahead = new HashSet<>();
    Set<String> stopped = new HashSet<>();
    Set<String> times = new HashSet<>();
    for (Map.Entry<Long, String> note : guest.notes().entrySet()) {
      Matcher matcher = NOTE.matcher(note.getValue());
      if (matcher.matches()) {
        if (isGone(guest, matcher)) {
          leftOver.add(note.getKey());
          if (matcher.group(4) == null) {
            ahead.add(matcher.group(3));
          } else {
            stopped.add(matcher.group(3));
            times.add(matcher.group(4));
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

  /**
   * Takes the notes of this save away, those of saves that have ended, and what processes that have
   * ended had given to QEMU. Notes of which nobody here can tell are others' to take away.
   */
  public void remove(Guest guest) throws StillframeException {
    for (Map.Entry<Long, String> note : guest.notes().entrySet()) {
      Matcher matcher = NOTE.matcher(note.getValue());
      boolean over =
          matcher.matches()
              ? matcher.group(3).equals(save) || state(matcher) == ProcessName.State.GONE
              : isLeftOver(note.getValue());
      if (over) {
        guest.removeNote(note.getKey());
      }
    }
  }

  /** Whether the save of a note has ended; not if nobody here can tell. */
  private static boolean isGone(Guest guest, Matcher note) throws GuestException {
    ProcessName.State state = state(note);
    if (state == ProcessName.State.ALIVE) {
      throw new GuestException(
          ErrorCode.GUEST,
          "guest at " + guest.address(),
          "process " + process(note).number() + " has stopped it, and is saving it",
          "wait until that has ended; QMP 'cont' would spoil its image");
    }
    return state == ProcessName.State.GONE;
  }

  /** A process may outlive its saves. */
  private static ProcessName.State state(Matcher note) {
    ProcessName process = process(note);
    ProcessName.State state = process.state();
    return state == ProcessName.State.ALIVE && process.lacksMemoryFile(SIGN + note.group(3))
        ? ProcessName.State.GONE
        : state;
  }

  private static ProcessName process(Matcher note) {
    return new ProcessName(note.group(1), note.group(2));
  }

  /** Whether these are descriptors of somebody who has no use for them any more. */
  private static boolean isLeftOver(String text) {
    Matcher matcher = GIVEN.matcher(text);
    return matcher.matches() && process(matcher).state() == ProcessName.State.GONE;
  }

  /** From now on others may take the save for one that has ended. */
  @Override
  public void close() {
    try {
      if (sign != null) {
        sign.close();
      }
    } catch (SystemCallException e) {
      // It is closed all the same, and nothing in it was to be kept.
    }
  }
}
