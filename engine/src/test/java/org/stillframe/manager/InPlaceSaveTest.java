/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.stillframe.channel.ProgressListener;
import org.stillframe.error.CancelledException;
import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.error.StorageException;
import org.stillframe.system.Descriptor;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.SystemCalls;
import org.stillframe.target.TargetUri;

/** Saves to a descriptor, which cannot be renamed, and storage that hangs. */
class InPlaceSaveTest extends ManagerFixture {
  private SaveReport saveToDescriptor(Layout layout) throws Exception {
    try (Descriptor descriptor = new SystemCalls().open(image, OpenFlags.READ_WRITE, 0)) {
      TargetUri uri = TargetUri.descriptor(descriptor.number());
      return save(SaveRequest.builder(FakeGuest.ADDRESS, uri).replace(true).layout(layout));
    }
  }

  private ImageDescription inspect() throws StillframeException {
    return manager.inspect(
        InspectRequest.builder(TargetUri.file(image)).build(), ProgressListener.NONE);
  }

  @ParameterizedTest
  @EnumSource
  void aWholeSaveReplacesALongerImage(Layout layout) throws Exception {
    byte[] longer = Arrays.copyOf(STREAM, STREAM.length + (3 << 20));
    Files.write(image, longer);
    SaveReport report = saveToDescriptor(layout);
    assertEquals(report.image().bytes(), Files.size(image));
    assertEquals(layout, inspect().layout());
    assertEquals(report.image().contents(), inspect().contents());
    if (layout == Layout.STREAM) {
      assertArrayEquals(STREAM, Files.readAllBytes(image));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anOlderImageAndASaveThatCameToNothingMakeNoImageTogether(Layout layout) throws Exception {
    Files.write(image, STREAM);
    backend.full = 5 << 20;
    assertEquals(
        ErrorCode.TARGET_FULL,
        assertThrows(StillframeException.class, () -> saveToDescriptor(layout)).code());
    assertThrows(DamagedException.class, this::inspect);
    assertEquals("running", guest.status);
  }

  @ParameterizedTest
  @EnumSource
  void withoutTheLastSyncItIsNoImage(Layout layout) throws Exception {
    Files.write(image, STREAM);
    AtomicBoolean first = new AtomicBoolean(true);
    // The first sync is that of taking the older image away.
    backend.whenSynced = () -> backend.syncFails = !first.getAndSet(false);
    assertThrows(StorageException.class, () -> saveToDescriptor(layout));
    assertThrows(DamagedException.class, this::inspect);
  }

  @Test
  void aGuestDoesNotWaitForStorageThatHangs() throws Exception {
    CountDownLatch syncing = new CountDownLatch(1);
    CountDownLatch resumed = new CountDownLatch(1);
    backend.whenSynced =
        () -> {
          manager.cancel();
          syncing.countDown();
          // Hangs until the guest was let run, and hears no interrupt.
          boolean done = false;
          while (!done) {
            try {
              resumed.await();
              done = true;
            } catch (InterruptedException e) {
              // Storage that hangs does not care.
            }
          }
        };
    guest.whenResumed = resumed::countDown;
    assertThrows(CancelledException.class, () -> save(request()));
    assertEquals(0, syncing.getCount());
    assertEquals("running", guest.status);
  }

  @Test
  void whatFailsAfterTheImageIsThereLeavesTheGuestAsAsked() {
    guest.quitFails = true;
    GuestException e =
        assertThrows(GuestException.class, () -> save(request().afterwards(AfterSave.QUIT)));
    assertEquals("the image file:" + image + " is complete; see to the guest over QMP", e.remedy());
    assertEquals("postmigrate", guest.status, "its disks belong to the image: it must not run on");
  }
}
