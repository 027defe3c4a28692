/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.stillframe.backend.BackendRegistry;
import org.stillframe.backend.BackendSelector;
import org.stillframe.channel.CancelToken;
import org.stillframe.channel.ProgressListener;
import org.stillframe.channel.Supervision;
import org.stillframe.channel.ThreadChannelScheduler;
import org.stillframe.error.CancelledException;
import org.stillframe.error.StillframeException;
import org.stillframe.image.ImageSink;
import org.stillframe.stream.StreamInput;
import org.stillframe.stream.StreamParser;
import org.stillframe.system.SystemCalls;
import org.stillframe.target.SystemTargets;

/**
 * Storage hangs in the last write of a save, which is cancelled: the guest does not wait for it.
 */
class HangingStorageTest extends ManagerFixture {
  private final CancelToken token = new CancelToken();
  private final CountDownLatch letRun = new CountDownLatch(1);
  private volatile boolean inTime;

  /** The storage hangs until the guest was let run, or was to be for long. */
  private void hangAt(long offset) {
    backend.whenWritten =
        at -> {
          if (at == offset) {
            while (guest.migration.equals("active")) {
              Thread.onSpinWait();
            }
            token.cancel();
            inTime = awaited();
          }
        };
  }

  private boolean awaited() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return letRun.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          // As a disk does.
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void qemuHasSentAllOfAStream(Layout layout) {
    hangAt(layout == Layout.MAPPED ? 0 : STREAM.length >> 20 << 20);
    guest.whenResumed = letRun::countDown;
    SaveRequest.Builder request = request().layout(layout).cancelToken(token);
    assertThrows(CancelledException.class, () -> save(request));
    assertTrue(inTime, "the guest waits for the storage");
    assertEquals("running", guest.status);
  }

  /** By the routes memory and multifd. */
  @Test
  void severalChannelsHaveBroughtAllPages() throws Exception {
    SystemCalls system = new SystemCalls();
    ImageMaker maker =
        new ImageMaker(
            new SystemTargets(system),
            new BackendSelector(BackendRegistry.of(List.of(backend)), Optional.empty()),
            new ThreadChannelScheduler());
    Supervision supervision =
        new Supervision("save", new CancelToken(), token, Optional.empty(), ProgressListener.NONE);
    Iterator<ByteBuffer> stream = List.of(ByteBuffer.wrap(STREAM)).iterator();
    ImageMaker.Filler filler =
        new ImageMaker.Filler() {
          @Override
          public void fill(ImageSink sink) throws StillframeException {
            sink.record(
                intake ->
                    new StreamParser()
                        .parse(
                            new StreamInput(() -> stream.hasNext() ? stream.next() : null),
                            intake.listener()));
          }

          @Override
          public void giveUp(Throwable failure) {
            letRun.countDown();
          }
        };
    hangAt(0);
    assertThrows(
        CancelledException.class, () -> maker.make(request().build(), supervision, filler));
    assertTrue(inTime, "the guest waits for the storage");
  }
}
