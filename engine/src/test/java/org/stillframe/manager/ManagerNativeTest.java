/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.channel.CancelToken;
import org.stillframe.channel.ProgressListener;
import org.stillframe.error.CancelledException;
import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.stream.BlockSummary;
import org.stillframe.stream.MappedHeader;
import org.stillframe.stream.SampleStreams;
import org.stillframe.target.TargetUri;

/** The route native: a guest that writes and reads the file itself. */
class ManagerNativeTest extends ManagerFixture {
  private static final int PAGE = 4096;

  private byte[] mapped;
  private BlockSummary ram;

  /** Lets the guest write what the route stream makes of its stream. */
  @BeforeEach
  void makeFile() throws Exception {
    guest.stream = SampleStreams.live(new Random(7), 3000, 2000);
    ram = save(request().layout(Layout.MAPPED)).image().contents().blocks().get(0);
    mapped = Files.readAllBytes(image);
    guest.stream = mapped.clone();
    guest.baseMemory = ram.block().usedLength();
    guest.status = "running";
    guest.migration = "none";
    guest.calls.clear();
    Files.writeString(image, "older");
  }

  private SaveRequest.Builder nativeRequest() {
    return request().layout(Layout.MAPPED).route(Route.NATIVE).replace(true);
  }

  private <E extends Throwable> E fails(Class<E> type) throws Exception {
    E e = assertThrows(type, () -> save(nativeRequest()));
    nothingIsLost();
    return e;
  }

  private void nothingIsLost() throws Exception {
    assertEquals("running", guest.status);
    assertEquals(List.of("vm1.image"), files());
    assertEquals("older", Files.readString(image));
    assertTrue(guest.calls.stream().anyMatch(call -> call.startsWith("remove set after")));
    assertFalse(guest.calls.contains("remove set after active"));
    assertFalse(guest.calls.contains("put back after active"));
  }

  @Test
  void theGuestGetsADescriptorThatFitsAndTheFileIsPublished() throws Exception {
    SaveReport report = save(nativeRequest().channels(255));
    assertEquals(
        List.of(
            "connect",
            "apply",
            "pass 271 times [write]",
            "remove set after none",
            "pass 1 times [write]",
            "migrate to file",
            "remove set after completed",
            "put back after completed",
            "close"),
        guest.calls);
    assertArrayEquals(mapped, Files.readAllBytes(image));
    assertEquals(List.of("vm1.image"), files());
    assertEquals(Route.NATIVE, report.route());
    assertEquals("asked for by name", report.routeReason());
    assertEquals("none", report.image().backend());
    assertEquals(mapped.length, report.image().bytes());
    assertEquals(ram, report.image().contents().blocks().get(0));
    assertTrue(report.stoodStill().isPresent());
  }

  /** A page that the bitmap marks, counted from the first one or back from the last one. */
  private int markedPage(int index) {
    ByteBuffer file = ByteBuffer.wrap(mapped);
    MappedHeader header = ram.placement().orElseThrow();
    List<Integer> marked = new ArrayList<>();
    for (int page = 0; page < ram.block().usedLength() / PAGE; page++) {
      if ((file.get((int) header.bitmapOffset() + page / 8) >> page % 8 & 1) != 0) {
        marked.add((int) header.pagesOffset() + page * PAGE);
      }
    }
    assertEquals(ram.dataPages(), marked.size());
    return marked.get(Math.floorMod(index, marked.size()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 234, -1})
  void aPageThatWasNeverStoredIsFound(int index) throws Exception {
    int lost = markedPage(index);
    Arrays.fill(guest.stream, lost, lost + PAGE, (byte) 0);
    StillframeException e = fails(StillframeException.class);
    assertEquals(ErrorCode.STORAGE, e.code());
    assertEquals("file:" + image + " at byte " + lost, e.what());
    assertTrue(e.why().contains("nothing was stored"), e.why());
  }

  @Test
  void aDevicePartThatIsCutIsFound() throws Exception {
    guest.stream = Arrays.copyOf(mapped, mapped.length - 100);
    fails(DamagedException.class);
  }

  @Test
  void qemuThatHasNoRoomSaysSo() throws Exception {
    guest.outcome = "failed";
    guest.error = Optional.of("Unable to write to file: No space left on device");
    StillframeException e = fails(StillframeException.class);
    assertEquals(ErrorCode.TARGET_FULL, e.code());
    assertEquals(guest.error.get(), e.why());
  }

  @Test
  void otherFailuresAreTheGuests() throws Exception {
    guest.outcome = "failed";
    guest.error = Optional.of("device 'e1000' is on fire");
    assertEquals("device 'e1000' is on fire", fails(GuestException.class).why());
  }

  @Test
  void cancelledWhileQemuWrites() throws Exception {
    guest.hold = true;
    CancelToken token = new CancelToken();
    Thread canceller =
        new Thread(
            () -> {
              try {
                guest.held.await();
                token.cancel();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    canceller.start();
    assertThrows(CancelledException.class, () -> save(nativeRequest().cancelToken(token)));
    canceller.join();
    nothingIsLost();
    assertTrue(guest.calls.contains("remove set after cancelled"));
  }

  private void refused(SaveRequest.Builder request, ErrorCode code, String why) {
    RequestException e = assertThrows(RequestException.class, () -> save(request));
    assertEquals(code, e.code());
    assertTrue(e.getMessage().contains(why), e.getMessage());
    assertEquals(List.of(), guest.calls, "nothing was touched");
  }

  @Test
  void whatTheRouteHasNotIsRefusedByName() throws Exception {
    refused(
        nativeRequest().layout(Layout.STREAM),
        ErrorCode.INVALID_REQUEST,
        "layout stream is wanted");
    refused(nativeRequest().backend("faulty"), ErrorCode.INVALID_REQUEST, "backend faulty");
    refused(nativeRequest().maxBandwidth(1), ErrorCode.UNSUPPORTED, "a limit is wanted");
    refused(
        request().route(Route.STREAM).channels(2).replace(true),
        ErrorCode.INVALID_REQUEST,
        "leave the number of");
    refused(
        SaveRequest.builder(FakeGuest.ADDRESS, TargetUri.descriptor(0))
            .layout(Layout.MAPPED)
            .route(Route.NATIVE),
        ErrorCode.UNSUPPORTED,
        "fd:0");
    assertThrows(IllegalArgumentException.class, () -> request().channels(256));
    assertThrows(IllegalArgumentException.class, () -> request().channels(0));
  }

  private RestoreReport restoreNatively() throws StillframeException {
    guest.status = "inmigrate";
    return manager.restore(
        RestoreRequest.builder(FakeGuest.ADDRESS, TargetUri.file(image))
            .route(Route.NATIVE)
            .build(),
        ProgressListener.NONE);
  }

  @Test
  void theGuestReadsTheImageItself() throws Exception {
    Files.write(image, mapped);
    RestoreReport report = restoreNatively();
    assertEquals(
        List.of(
            "connect",
            "apply",
            "pass 1 times [read]",
            "load from file",
            "remove set after completed",
            "put back after completed",
            "close"),
        guest.calls);
    assertArrayEquals(mapped, guest.loaded.toByteArray());
    assertEquals(Route.NATIVE, report.route());
    assertEquals("none", report.backend());
    assertEquals("running", report.guestStatus());
  }

  @Test
  void qemuHearsNothingOfADamagedImage() throws Exception {
    Files.write(image, Arrays.copyOf(mapped, mapped.length - 100));
    assertThrows(DamagedException.class, this::restoreNatively);
    assertEquals(List.of(), guest.calls);
  }

  @Test
  void qemuHearsNothingOfAnImageOfOtherSize() throws Exception {
    Files.write(image, mapped);
    guest.baseMemory *= 2;
    GuestException e = assertThrows(GuestException.class, this::restoreNatively);
    assertEquals(ErrorCode.INCOMPATIBLE, e.code());
    assertEquals(List.of("connect", "apply", "put back after none", "close"), guest.calls);
  }
}
