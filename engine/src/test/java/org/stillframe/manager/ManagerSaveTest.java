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

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.stillframe.channel.Progress;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.ProgressListener;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.Capability;
import org.stillframe.target.TargetUri;

/** Saves that go well, and saves that are refused before anything is touched. */
class ManagerSaveTest extends ManagerFixture {
  @Test
  void aGoodSaveIsPublishedOnceTheGuestIsAsItWas() throws Exception {
    AtomicBoolean published = new AtomicBoolean();
    guest.whenPutBack = () -> published.set(Files.exists(image));
    SaveReport report = save(request().layout(Layout.STREAM));
    assertFalse(published.get(), "settings are put back before the image is published");
    assertEquals(
        List.of("connect", "apply", "migrate", "put back after completed", "close"), guest.calls);
    assertArrayEquals(STREAM, Files.readAllBytes(image));
    assertEquals(List.of("vm1.image"), files());
    assertEquals("file:" + image, report.image().target());
    assertEquals(STREAM.length, report.image().bytes());
    assertEquals(STREAM.length, report.image().contents().totalBytes());
    assertEquals(Layout.STREAM, report.image().layout());
    assertEquals("faulty", report.image().backend());
    assertTrue(report.image().backendReason().startsWith("faulty (rank 50): "));
    assertEquals(Route.STREAM, report.route());
    assertEquals("10.0.2", report.qemu());
    assertEquals("postmigrate", report.guestStatus());
    assertTrue(report.stoodStill().isPresent());
  }

  @Test
  void aGuestThatDidNotRunDidNotStandStillForUs() throws Exception {
    guest.status = "paused";
    assertTrue(save(request()).stoodStill().isEmpty());
  }

  @Test
  void whereQemuCannotTellWhenItStoppedTheGuestItIsTheMomentWeHearOfIt() throws Exception {
    guest.stopTime = Optional.empty();
    Duration stoodStill = save(request()).stoodStill().orElseThrow();
    assertTrue(stoodStill.compareTo(Duration.ofDays(1)) < 0, stoodStill.toString());
  }

  @Test
  void theProcessorTimeIsThatOfTheSave() throws Exception {
    assertProcessorTimeIsItsOwn(() -> save(request()).processorTime());
  }

  @ParameterizedTest
  @CsvSource({
    "LEAVE, running, postmigrate",
    "RESUME, running, running",
    "RESUME, paused, postmigrate",
    "QUIT, running, quit"
  })
  void theGuestBecomesWhatWasWished(AfterSave wish, String before, String after) throws Exception {
    guest.status = before;
    SaveReport report = save(request().afterwards(wish));
    assertEquals(after, report.guestStatus());
    assertEquals(wish == AfterSave.QUIT, guest.calls.contains("quit"));
    assertEquals(after.equals("running"), guest.calls.contains("resume"));
    assertTrue(Files.exists(image));
  }

  @Test
  void everyPhaseIsHeardOnTheCallingThread() throws Exception {
    List<Progress> heard = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    manager.save(
        request().build(),
        progress -> {
          heard.add(progress);
          threads.add(Thread.currentThread());
        });
    assertEquals(Phase.TRANSFER, heard.get(0).phase());
    assertEquals(Phase.SYNC, heard.get(heard.size() - 1).phase());
    assertEquals(STREAM.length, heard.get(heard.size() - 1).bytes());
    assertTrue(threads.stream().allMatch(Thread.currentThread()::equals));
  }

  private void refused(
      Class<? extends StillframeException> type,
      ErrorCode code,
      String why,
      SaveRequest.Builder request)
      throws Exception {
    StillframeException e = assertThrows(type, () -> save(request));
    assertEquals(code, e.code(), e.getMessage());
    assertTrue(e.why().contains(why), e.getMessage());
    assertEquals(List.of("connect", "close"), guest.calls, "the guest was touched");
    assertEquals(List.of(), files());
  }

  @ParameterizedTest
  @CsvSource({"postmigrate, saved or migrated already", "inmigrate, waits for an incoming"})
  void aGuestInThisStateIsNotSaved(String status, String why) throws Exception {
    guest.status = status;
    refused(GuestException.class, ErrorCode.GUEST, why, request());
  }

  @Test
  void aGuestThatCannotBeMigratedIsNotSaved() throws Exception {
    guest.blocked = List.of("vfio: no", "9pfs is mounted");
    refused(GuestException.class, ErrorCode.GUEST, "vfio: no; 9pfs is mounted", request());
  }

  @ParameterizedTest
  @CsvSource({"active", "setup", "device", "cancelling", "one-that-is-yet-to-come"})
  void aGuestThatIsMigratingIsNotSaved(String status) throws Exception {
    guest.migration = status;
    refused(GuestException.class, ErrorCode.GUEST, "already (" + status + ")", request());
  }

  @ParameterizedTest
  @CsvSource({"completed", "failed", "cancelled"})
  void aGuestWhoseEarlierMigrationHasEndedIsSaved(String status) throws Exception {
    guest.migration = status;
    save(request());
    assertEquals(List.of("vm1.image"), files());
  }

  @Test
  void directMappedMakesAMappedImage() throws Exception {
    SaveReport report = save(request().capabilities(Capability.DIRECT_MAPPED));
    assertEquals(Layout.MAPPED, report.image().layout());
    assertEquals(Files.size(image), report.image().bytes());
    ImageDescription seen =
        manager.inspect(
            InspectRequest.builder(TargetUri.file(image)).build(), ProgressListener.NONE);
    assertEquals(Layout.MAPPED, seen.layout());
    assertEquals(report.image().contents(), seen.contents());
  }

  @Test
  void directMappedIsNoStream() {
    SaveRequest.Builder request =
        request().capabilities(Capability.DIRECT_MAPPED).layout(Layout.STREAM);
    assertThrows(IllegalArgumentException.class, request::build);
  }

  @Test
  void aCapabilityThatCannotBeHadIsRefusedByName() throws Exception {
    Capability capability = Capability.BYPASS_CACHE;
    SaveRequest.Builder request = request().capabilities(capability, capability);
    StillframeException e = assertThrows(RequestException.class, () -> save(request));
    assertEquals(ErrorCode.UNSUPPORTED, e.code());
    assertTrue(e.getMessage().contains(capability.label()), e.getMessage());
    assertEquals(List.of(), guest.calls, "this can be told without a guest");
    assertEquals(List.of(), files());
  }

  @Test
  void anUnknownBackendIsRefusedByName() {
    RequestException e =
        assertThrows(RequestException.class, () -> save(request().backend("tape")));
    assertEquals(ErrorCode.INVALID_REQUEST, e.code());
    assertTrue(e.why().contains("there is none of this name"), e.getMessage());
    assertEquals(List.of(), guest.calls, "this can be told without a guest");
  }

  @Test
  void anImageThatIsThereIsReplacedOnlyOnRequest() throws Exception {
    Files.writeString(image, "older");
    StillframeException e = assertThrows(RequestException.class, () -> save(request()));
    assertEquals(ErrorCode.TARGET_EXISTS, e.code());
    assertEquals("older", Files.readString(image));
    assertFalse(guest.calls.contains("migrate"));
    save(request().layout(Layout.STREAM).replace(true));
    assertArrayEquals(STREAM, Files.readAllBytes(image));
  }

  @Test
  void aClosedManagerTakesNoMoreWork() {
    manager.close();
    manager.close();
    assertThrows(CancelledException.class, () -> save(request()));
    assertEquals(List.of(), guest.calls);
  }

  @Test
  void capabilitiesAreNamedInOneOrder() {
    Capability[] all = {Capability.BYPASS_CACHE, Capability.DIRECT_MAPPED};
    assertEquals(
        "[direct-mapped, bypass-cache]",
        request().capabilities(all).build().capabilities().toString());
  }
}
