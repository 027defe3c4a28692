/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.Capability;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.spi.contract.Bench;

/** What this backend answers, and why. */
class OdirectBackendTest {
  private static final Set<Capability> BYPASS = Set.of(Capability.BYPASS_CACHE);
  private static final int NOT_OPEN = 999_999;

  private final OdirectBackend backend = new OdirectBackend();
  private Bench bench;
  private Target.Builder facts;

  @BeforeEach
  void setUp() throws IOException {
    bench = new Bench(new OdirectUnknownAlignmentContractTest());
    Path path = bench.file();
    int descriptor = bench.descriptor(path, StandardOpenOption.READ).number();
    facts = bench.facts(path).descriptor(descriptor);
  }

  @AfterEach
  void tearDown() throws IOException {
    bench.close();
  }

  private static Target.Builder regular() {
    return Target.builder("a", TargetKind.REGULAR).fileSystem("ext4");
  }

  private String refusal(Target.Builder target) {
    Appraisal appraisal = backend.appraise(target.build(), BYPASS);
    assertFalse(appraisal.isAccepted(), appraisal.toString());
    return appraisal.reason();
  }

  @Test
  void offersItselfWhereThePageCacheIsToBeBypassed() {
    Target target = regular().directAlignment(512, 512).build();
    Appraisal appraisal = backend.appraise(target, BYPASS);
    assertEquals(60, appraisal.rank());
    assertEquals(
        "direct reads and writes, aligned to 512 in memory and 4096 in the file",
        appraisal.reason());
  }

  @Test
  void isThereByNameWhereNobodyAsksForThat() {
    Appraisal appraisal = backend.appraise(regular().directAlignment(512, 512).build(), Set.of());
    assertFalse(appraisal.isAutomatic());
    assertEquals(
        "only by name: it bypasses the page cache, which was not asked for", appraisal.toString());
  }

  @ParameterizedTest
  @EnumSource(
      names = {"REGULAR", "BLOCK"},
      mode = EnumSource.Mode.EXCLUDE)
  void whatHasNoPageCacheIsRefused(TargetKind kind) {
    assertEquals(
        "a " + kind.label() + " has no page cache to bypass", refusal(Target.builder("a", kind)));
  }

  @Test
  void theKernelsNoIsHandedOn() {
    assertEquals(
        "direct I/O is impossible on ext4, says the kernel (statx)",
        refusal(regular().directAlignment(0, 0)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tmpfs", "ramfs", "hugetlbfs"})
  void filesInMemoryAreRefusedAndDeviceNodesThereAreNot(String fileSystem) {
    assertEquals(
        fileSystem + " keeps files in memory: there is nothing to bypass",
        refusal(regular().fileSystem(fileSystem)));
    Target.Builder device = Target.builder("a", TargetKind.BLOCK).fileSystem(fileSystem);
    assertTrue(backend.appraise(device.directAlignment(512, 512).build(), BYPASS).isAccepted());
  }

  @Test
  void aFileSystemOfWhichTheKernelSaysNothingIsAsked() {
    assertEquals(
        "direct reads and writes, aligned to 4096 in memory and 4096 in the file;"
            + " presumed, as the kernel does not tell",
        backend.appraise(facts.build(), BYPASS).reason());
  }

  @Test
  void whatDoesNotExistYetCannotBeAsked() {
    String reason = backend.appraise(regular().build(), BYPASS).reason();
    assertTrue(reason.endsWith("; presumed until the file is open"), reason);
  }

  @Test
  void whatCannotBeOpenedAgainIsNotAsked() {
    Appraisal appraisal =
        new OdirectBackend(new ReopeningRefused()).appraise(facts.build(), BYPASS);
    assertTrue(appraisal.isAccepted());
    assertTrue(appraisal.reason().endsWith("and the file cannot be opened again to try O_DIRECT"));
  }

  @Test
  void aDescriptorThatIsNotOpenIsRefused() {
    assertEquals(
        "ext4 does not take O_DIRECT: fcntl: Bad file descriptor (EBADF)",
        refusal(regular().descriptor(NOT_OPEN)));
    Target target = regular().descriptor(NOT_OPEN).directAlignment(512, 512).build();
    SystemCallException failure =
        assertThrows(SystemCallException.class, () -> backend.open(target, OpenMode.READ, BYPASS));
    assertEquals("fcntl: Bad file descriptor (EBADF)", failure.getMessage());
  }

  @Test
  void errorsOfTheFileAreTheSystems() throws IOException {
    StateFile file = bench.opened(facts.build(), OpenMode.READ, BYPASS);
    assertEquals(0, file.size());
    Target device =
        Target.builder("a", TargetKind.BLOCK).descriptor(facts.build().descriptor()).build();
    StateFile noDevice = bench.opened(device, OpenMode.READ, BYPASS);
    assertEquals(
        "ioctl(BLKGETSIZE64): Inappropriate ioctl for device (ENOTTY)",
        assertThrows(SystemCallException.class, noDevice::size).getMessage());
  }
}
