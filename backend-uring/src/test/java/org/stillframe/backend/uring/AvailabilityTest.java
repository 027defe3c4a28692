/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.Capability;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;

/** What is said where the machine has no io_uring for us, and what is loaded to find out. */
class AvailabilityTest {
  private static final Target FILE =
      Target.builder("file:/a", TargetKind.REGULAR)
          .fileSystem("ext4")
          .directAlignment(512, 512)
          .build();
  private static final Set<Capability> DIRECT = Set.of(Capability.BYPASS_CACHE);

  private int loaded;
  private int asked;
  private int answer;

  private static KernelFacts facts(int disabled, boolean filtered) {
    return new KernelFacts("Linux", "amd64", "6.1.0-28-amd64", disabled, filtered);
  }

  /** As {@link #backend(KernelFacts)}, where that answers setup so if negative. */
  private UringBackend backend(KernelFacts facts, int answer) {
    this.answer = answer;
    return backend(facts);
  }

  /** A backend on a kernel of which these facts hold. */
  private UringBackend backend(KernelFacts facts) {
    return new UringBackend(
        new Kernel(
            () -> {
              loaded++;
              return new ForwardingCalls() {
                @Override
                public int setup(int entries, long params) {
                  asked++;
                  return answer < 0 ? answer : super.setup(entries, params);
                }
              };
            },
            () -> facts));
  }

  private static String refusal(UringBackend backend, Set<Capability> wanted) {
    Appraisal appraisal = backend.appraise(FILE, wanted);
    assertFalse(appraisal.isAccepted(), appraisal.toString());
    return appraisal.reason();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Mac OS X | aarch64 | 14.1 | 0 | this is Mac OS X",
        "Linux | riscv64 | 6.1.0 | 0 | this is riscv64",
        "Linux | x86 | 6.1.0 | 0 | this is x86",
        "Linux | amd64 | 5.5.19-generic | 0 | this is 5.5.19-generic",
        "Linux | amd64 | 4.18.0-553.el8_10.x86_64 | 0 | this is 4.18.0-553.el8_10.x86_64",
        "Linux | amd64 | 5.14.0-503.el9.x86_64 | 2 | kernel.io_uring_disabled is 2"
      })
  void whatTheFactsForbidIsNamedAndNothingLoaded(
      String system, String machine, String release, int disabled, String reason) {
    KernelFacts facts = new KernelFacts(system, machine, release, disabled, false);
    for (Set<Capability> wanted : Set.of(DIRECT, Set.<Capability>of())) {
      String said = refusal(backend(facts, 0), wanted);
      assertTrue(said.contains(reason), said);
    }
    assertEquals(0, loaded);
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.6", "5.6.0", "5.10.0-33-amd64", "6.18.44", "10.0-rc1"})
  void kernelsFromFiveSixOnAreTaken(String release) {
    KernelFacts facts = new KernelFacts("Linux", "aarch64", release, 0, false);
    assertNull(facts.refusal());
    assertFalse(facts.leavesDoubt());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | 1 | false | Operation not permitted (EPERM): kernel.io_uring_disabled is 1",
        "1 | 0 | true | Operation not permitted (EPERM): the seccomp filter of this process",
        "38 | 0 | false | Function not implemented (ENOSYS): the kernel was built without",
        "38 | 0 | true | Function not implemented (ENOSYS): the kernel lacks io_uring, or the secc"
      })
  void whatTheKernelRefusesIsNamed(int errno, int disabled, boolean filtered, String reason) {
    UringBackend backend = backend(facts(disabled, filtered), -errno);
    String said = refusal(backend, DIRECT);
    assertTrue(said.startsWith("io_uring_setup: " + reason), said);
    assertEquals(said, refusal(backend, DIRECT));
    assertEquals(1, asked, "asked once");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "11 | Resource temporarily unavailable (EAGAIN)",
        "12 | Cannot allocate memory (ENOMEM): no memory for a ring",
        "23 | Too many open files in system (ENFILE)",
        "24 | Too many open files (EMFILE)"
      })
  void whatMayPassIsTriedAgain(int errno, String reason) {
    answer = -errno;
    UringBackend backend = backend(facts(0, false));
    String said = refusal(backend, DIRECT);
    assertTrue(said.startsWith("io_uring_setup: " + reason), said);
    answer = 0;
    assertTrue(backend.appraise(FILE, DIRECT).isAccepted());
    assertTrue(backend.appraise(FILE, DIRECT).isAccepted());
    assertEquals(2, asked, "a ring that was had is not asked for again");
  }

  @Test
  void aLibraryThatCannotBeLoadedIsNamed() {
    Kernel kernel =
        new Kernel(
            () -> {
              throw new UnsatisfiedLinkError("no libjnidispatch");
            },
            () -> facts(0, false));
    String said = refusal(new UringBackend(kernel), DIRECT);
    assertTrue(said.contains("JNA") && said.contains("no libjnidispatch"), said);
    assertFalse(kernel.isAvailable());
  }

  @Test
  void whatWillHardlyBeChosenLoadsNothing() {
    assertTrue(backend(facts(0, false), 0).appraise(FILE, Set.of()).isAccepted());
    assertEquals(0, loaded);
  }

  @Test
  void whereTheFactsCannotTellARingIsTried() {
    assertTrue(backend(facts(1, false), 0).appraise(FILE, Set.of()).isAccepted());
    assertTrue(backend(facts(0, true), 0).appraise(FILE, Set.of()).isAccepted());
    assertEquals(2, asked);
  }

  @Test
  void openingAQueueSaysWhatAppraisingCouldNotKnow() throws IOException {
    try (OpenFile own = OpenFile.temporary("/var/tmp", 0)) {
      var file = backend(facts(0, false), -12).open(own.target(), OpenMode.WRITE, Set.of());
      IOException failure =
          assertThrows(IOException.class, () -> file.openQueue(1, java.util.List.of()));
      assertTrue(failure.getMessage().contains("RLIMIT_MEMLOCK"), failure.getMessage());
      file.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tmpfs", "ramfs", "hugetlbfs"})
  void filesInMemoryAreRefusedAndDeviceNodesThereAreNot(String fileSystem) {
    UringBackend backend = backend(facts(0, false));
    Target file = Target.builder("a", TargetKind.REGULAR).fileSystem(fileSystem).build();
    assertEquals(
        fileSystem + " keeps files in memory: there is nothing to bypass",
        backend.appraise(file, DIRECT).reason());
    Target device =
        Target.builder("a", TargetKind.BLOCK)
            .fileSystem(fileSystem)
            .directAlignment(512, 512)
            .build();
    assertEquals(80, backend.appraise(device, DIRECT).rank());
  }

  @Test
  void ranksAboveOthersOnlyPastThePageCache() {
    UringBackend backend = backend(facts(0, false), 0);
    assertEquals(80, backend.appraise(FILE, DIRECT).rank());
    assertEquals(40, backend.appraise(FILE, Set.of()).rank());
  }
}
