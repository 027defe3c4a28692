/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.channel.ProgressListener;
import org.stillframe.error.CancelledException;
import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.Capability;
import org.stillframe.target.TargetUri;

class ManagerRestoreTest extends ManagerFixture {
  @BeforeEach
  void anImageAndAQemuThatWaits() throws Exception {
    Files.write(image, STREAM);
    guest.status = "inmigrate";
  }

  @ParameterizedTest
  @CsvSource({
    "AS_SAVED, running, running",
    "AS_SAVED, paused, paused",
    "RUN, running, running",
    "RUN, paused, running",
    "PAUSE, running, paused"
  })
  void theGuestBecomesWhatWasWished(AfterRestore wish, String saved, String after)
      throws Exception {
    guest.loadedStatus = saved;
    RestoreReport report = restore(wish);
    assertEquals(after, report.guestStatus());
    assertEquals(after, guest.status);
    assertArrayEquals(STREAM, guest.loaded.toByteArray());
    assertEquals(STREAM.length, report.bytes());
    assertEquals("file:" + image, report.image());
    assertEquals("faulty", report.backend());
    assertEquals("10.0.2", report.qemu());
    assertEquals(STREAM.length, report.contents().totalBytes());
    int load = guest.calls.indexOf("load");
    assertEquals(wish == AfterRestore.PAUSE, guest.calls.subList(0, load).contains("pause"));
    assertTrue(guest.calls.indexOf("put back after completed") > load);
  }

  @Test
  void theProcessorTimeIsThatOfTheRestore() throws Exception {
    assertProcessorTimeIsItsOwn(() -> restore(AfterRestore.AS_SAVED).processorTime());
  }

  @ParameterizedTest
  @ValueSource(strings = {"running", "paused", "prelaunch", "postmigrate"})
  void aGuestThatDoesNotWaitForAnImageIsNotTouched(String status) {
    guest.status = status;
    GuestException e = assertThrows(GuestException.class, () -> restore(AfterRestore.RUN));
    assertEquals(ErrorCode.GUEST, e.code());
    assertTrue(e.why().contains("it is '" + status + "'"), e.why());
    assertEquals(List.of("connect", "close"), guest.calls);
  }

  @Test
  void anImageThatWasCutIsRefusedBeforeTheGuestIsTouched() throws Exception {
    Files.write(image, Arrays.copyOf(STREAM, STREAM.length - 1000));
    DamagedException e = assertThrows(DamagedException.class, () -> restore(AfterRestore.AS_SAVED));
    assertTrue(e.getMessage().contains("" + (STREAM.length - 1000)), e.getMessage());
    assertEquals(List.of(), guest.calls);
  }

  @Test
  void damageInTheMiddleIsNamedAndNotSent() throws Exception {
    byte[] damaged = STREAM.clone();
    damaged[8] = 0x55; // the type of the first section
    Files.write(image, damaged);
    guest.outcome = "cancelled";
    DamagedException e = assertThrows(DamagedException.class, () -> restore(AfterRestore.AS_SAVED));
    assertTrue(e.getMessage().contains("byte 8"), e.getMessage());
    assertEquals(0, guest.loaded.size(), "nothing of it was sent");
    assertTrue(guest.calls.contains("close"));
  }

  @Test
  void aGuestWhoseRestoreWasCancelledDoesNotRun() throws Exception {
    Files.write(image, STREAM);
    guest.outcome = "active"; // for as long as anybody asks
    RestoreRequest request =
        RestoreRequest.builder(FakeGuest.ADDRESS, TargetUri.file(image)).build();
    assertThrows(
        CancelledException.class,
        () ->
            manager.restore(
                request,
                progress -> {
                  if (guest.calls.contains("load")) {
                    // QEMU may have all of it by now.
                    request.cancelToken().cancel();
                  }
                }));
    assertTrue(guest.calls.indexOf("pause") > guest.calls.indexOf("load"), "" + guest.calls);
  }

  private void named(byte[] bytes, Class<? extends StillframeException> type, String why)
      throws Exception {
    Files.write(image, bytes);
    guest.outcome = "cancelled";
    StillframeException e = assertThrows(type, () -> restore(AfterRestore.AS_SAVED));
    assertEquals("file:" + image, e.what());
    assertEquals(why, e.why());
    assertEquals(0, guest.loaded.size(), "not a byte of it was sent");
  }

  @Test
  void anImageOfAnotherKindIsCalledByItsName() throws Exception {
    byte[] random = "no image at all, and never was one".getBytes(StandardCharsets.US_ASCII);
    byte[] libvirt = "LibvirtQemudSave and more".getBytes(StandardCharsets.US_ASCII);
    byte[] unfinished = "LibvirtQemudPart and more".getBytes(StandardCharsets.US_ASCII);
    named(new byte[0], DamagedException.class, "it is an empty file");
    named(random, DamagedException.class, "it is no image of a known kind");
    named(libvirt, RequestException.class, "it is a libvirt save image");
    named(unfinished, DamagedException.class, "it is a libvirt save image that was never finished");
  }

  @Test
  void whereQemuRefusesTheStreamItsReasonIsTold() {
    guest.outcome = "failed";
    guest.error = Optional.of("Unknown ramblock \"pc.ram\"");
    GuestException e = assertThrows(GuestException.class, () -> restore(AfterRestore.AS_SAVED));
    assertEquals(ErrorCode.INCOMPATIBLE, e.code());
    assertEquals("Unknown ramblock \"pc.ram\"", e.why());
  }

  @Test
  void aMissingImageIsNamedAndTheGuestIsNotEvenAsked() throws Exception {
    Files.delete(image);
    StillframeException e =
        assertThrows(StillframeException.class, () -> restore(AfterRestore.RUN));
    assertTrue(e.getMessage().contains(image + ": open: No such file"), e.getMessage());
    assertEquals(List.of(), guest.calls);
  }

  @ParameterizedTest
  @CsvSource({"DIRECT_MAPPED, direct-mapped", "BYPASS_CACHE, bypass-cache"})
  void aCapabilityThatCannotBeHadIsRefusedByName(Capability capability, String label) {
    RestoreRequest request =
        RestoreRequest.builder(FakeGuest.ADDRESS, TargetUri.file(image))
            .capabilities(capability)
            .build();
    RequestException e =
        assertThrows(RequestException.class, () -> manager.restore(request, ProgressListener.NONE));
    assertEquals(ErrorCode.UNSUPPORTED, e.code());
    assertTrue(e.getMessage().contains(label), e.getMessage());
    assertEquals(List.of(), guest.calls);
  }
}
