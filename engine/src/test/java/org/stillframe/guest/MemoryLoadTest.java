/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.stillframe.channel.CancelToken;
import org.stillframe.channel.ProgressListener;
import org.stillframe.channel.Supervision;
import org.stillframe.channel.ThreadChannelScheduler;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.stream.Configuration;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;

class MemoryLoadTest {
  private final SystemCalls system = new SystemCalls();
  private final MemoryLoad load =
      new MemoryLoad(system, new Sockets(system), new ThreadChannelScheduler());
  private final Guest guest = mock(Guest.class);

  /** To clear a page of zeros would clear what stands behind it, or behind the block. */
  @Test
  void pagesSmallerThanTheHostsAreRefusedBeforeQemuIsTouched() {
    MemoryGuest source =
        new MemoryGuest(new byte[0]) {
          @Override
          public Configuration configuration() {
            return new Configuration("versatilepb", 1024, List.of(), Optional.empty(), true);
          }
        };
    Supervision supervision =
        new Supervision(
            "test", new CancelToken(), new CancelToken(), Optional.empty(), ProgressListener.NONE);
    RequestException e =
        assertThrows(RequestException.class, () -> load.load(guest, source, 1, supervision));
    assertEquals(ErrorCode.UNSUPPORTED, e.code());
    assertTrue(e.why().contains("pages of 1024 bytes"), e.why());
    verifyNoInteractions(guest);
  }
}
