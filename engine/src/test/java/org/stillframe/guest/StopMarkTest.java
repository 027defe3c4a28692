/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.stillframe.error.GuestException;
import org.stillframe.system.SystemCalls;

/** Notes of saves whose process is here, has ended, or cannot be seen. */
class StopMarkTest {
  private final SystemCalls system = new SystemCalls();
  private final Map<Long, String> notes = new TreeMap<>();
  private final Guest guest = mock(Guest.class);
  private String status = "paused";

  @BeforeEach
  void standsStill() throws Exception {
    when(guest.address()).thenReturn(Qmp.at(Path.of("/run/vm1.qmp")));
    when(guest.status()).thenAnswer(call -> new GuestStatus(status, status.equals("running")));
    when(guest.notes()).thenAnswer(call -> new HashMap<>(notes));
    doAnswer(call -> notes.put((long) notes.size(), call.getArgument(0)))
        .when(guest)
        .leaveNote(any(), any());
    doAnswer(call -> notes.remove(call.<Long>getArgument(0))).when(guest).removeNote(anyLong());
    doAnswer(call -> status = "running").when(guest).resume();
  }

  private void note(String process) {
    notes.put(
        (long) notes.size(), "stillframe is about to stop the guest: " + process + ", save abc");
  }

  private static String ended() throws Exception {
    ProcessName self = ProcessName.self();
    return new ProcessName(self.number() + " since 1", self.namespace()).toString();
  }

  @Test
  void aSaveAtWorkIsNotDisturbed() throws Exception {
    try (StopMark atWork = new StopMark(system);
        StopMark next = new StopMark(system)) {
      atWork.announce(guest);
      GuestException e = assertThrows(GuestException.class, () -> next.bringOn(guest));
      String here = "process " + ProcessHandle.current().pid() + " has stopped it";
      assertTrue(e.getMessage().contains(here), e.getMessage());
      assertEquals("paused", status);
      next.remove(guest);
      assertEquals(1, notes.size(), "the note is not its own");
    }
  }

  /** It has lost QEMU's monitor, and could neither let the guest run nor take its note away. */
  @Test
  void aSaveThatHasEndedIsOverThoughItsProcessIsNot() throws Exception {
    try (StopMark next = new StopMark(system)) {
      try (StopMark lost = new StopMark(system)) {
        lost.announce(guest);
      }
      assertTrue(next.bringOn(guest));
      assertEquals("running", status);
      assertEquals(Map.of(), notes);
    }
  }

  @Test
  void aSaveWhoseProcessHasEndedIsOver() throws Exception {
    note(ended());
    try (StopMark next = new StopMark(system)) {
      assertTrue(next.bringOn(guest));
      assertEquals(Map.of(), notes);
    }
  }

  @Test
  void whatCannotBeSeenFromHereIsLeftAlone() throws Exception {
    String elsewhere = "process 7 since 8 of pid:[9]";
    note(elsewhere);
    try (StopMark mark = new StopMark(system)) {
      assertFalse(mark.bringOn(guest));
      assertEquals("paused", status);
      mark.announce(guest);
      note(ended());
      mark.remove(guest);
      assertEquals(1, notes.size());
      assertTrue(List.copyOf(notes.values()).get(0).contains(elsewhere), notes::toString);
    }
  }

  @Test
  void aGuestThatRunsIsNotLookedAt() throws Exception {
    status = "running";
    note(ended());
    try (StopMark mark = new StopMark(system)) {
      assertFalse(mark.bringOn(guest));
      mark.remove(guest);
      assertEquals(Map.of(), notes);
    }
  }
}
