/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.Capability;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.spi.support.AbstractMigrationBackend;

/**
 * A backend for tests of whoever saves guests: storage that fails as it is told to, remembers what
 * it was asked for, and notices what was left open. It needs no disk and no native code.
 *
 * <pre>{@code
 * @Test
 * void aSaveThatMeetsABadSectorLeavesTheOldImage() throws Exception {
 *   Path image = Files.writeString(Path.of("/dev/shm/vm1.image"), "the old one");
 *   FaultPlan plan = FaultPlan.seeded(42).failWrite(3, Errno.EIO);
 *   try (TmpfsTestBackend storage = new TmpfsTestBackend(plan);
 *       MigrationManager manager =
 *           Stillframe.builder().backends(BackendRegistry.of(List.of(storage))).build()) {
 *     SaveRequest request =
 *         SaveRequest.builder(Qmp.at(socket), TargetUri.file(image))
 *             .backend("tmpfs-test")
 *             .replace(true)
 *             .build();
 *
 *     StorageException e =
 *         assertThrows(
 *             StorageException.class, () -> manager.save(request, ProgressListener.NONE));
 *
 *     assertEquals("pwrite: Input/output error (EIO)", e.why(), plan::toString);
 *     assertTrue(storage.calls(Operation.SYNC).isEmpty());
 *     assertEquals("the old one", Files.readString(image));
 *     storage.assertClean();
 *   }
 * }
 * }</pre>
 *
 * <p>There, {@code socket} is the QMP monitor of a guest of the test; the manager is of {@code
 * stillframe-engine}, on which this backend does not depend.
 *
 * <p>It is never chosen unless it is named: by the request, as here, or with {@code
 * -Dstillframe.backend=tmpfs-test}, where the plan is empty. It serves regular files alone, and
 * does not claim to bypass the page cache.
 *
 * <p><b>Where the bytes are.</b> In the file that it is given, which is best made on a tmpfs such
 * as {@code /dev/shm}; or with {@link #inMemory} on the heap, by the identity of the file (device
 * and number), so that an image is found again after it was renamed. In memory, the real file stays
 * what it was: one that a manager makes and publishes is empty for everybody but this backend, and
 * a manager that looks at its size without asking the backend sees 0. That is good for tests of
 * what a manager does, and not for tests of what it leaves behind.
 *
 * <p><b>Power cuts.</b> Writes are seen in the file at once, and since the last sync what they
 * replaced is kept aside. A power cut puts it back, with the old size; with {@link FaultPlan#torn}
 * a part of it. This goes for files that were closed without a sync as well: they are kept open
 * here until they are synced, the power is cut, or this is closed. After the cut every call fails
 * with EIO until {@link #powerOn}, and what was open before stays dead. Names of files are not the
 * backend's: what was renamed or deleted stays so.
 *
 * <p>Thread-safe. All calls are remembered, so it is made for a test, and not for a day.
 */
public final class TmpfsTestBackend extends AbstractMigrationBackend implements AutoCloseable {
  /** The name it is chosen by. */
  public static final String NAME = "tmpfs-test";

  private final Instruments instruments;

  /** Makes a backend without faults. */
  public TmpfsTestBackend() {
    this(new FaultPlan[0]);
  }

  /** Makes a backend with the faults of all these plans. */
  public TmpfsTestBackend(FaultPlan... plans) {
    this((key, link, writable) -> new FileMedium(link, writable), plans);
  }

  private TmpfsTestBackend(Medium.Source source, FaultPlan... plans) {
    Faults faults = new Faults(List.of(plans));
    instruments =
        new Instruments(
            faults,
            new Gate(),
            new Storage(source, faults),
            new Recorder(),
            new Watch(),
            new AtomicLong());
  }

  /**
   * Makes a backend that keeps all bytes in memory. What a file holds when it is first opened is
   * copied. The memory is freed by {@link #close}.
   */
  public static TmpfsTestBackend inMemory(FaultPlan... plans) {
    return new TmpfsTestBackend(new MemoryMedia(), plans);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int spiVersion() {
    return SPI_VERSION;
  }

  @Override
  public Appraisal appraise(Target target, Set<Capability> wanted) {
    if (target.kind() != TargetKind.REGULAR) {
      return Appraisal.refused("it serves regular files, and not a " + target.kind().label());
    }
    if (wanted.contains(Capability.BYPASS_CACHE)) {
      return Appraisal.refused("it works through the page cache and cannot bypass it");
    }
    return Appraisal.onlyByName("it is for tests");
  }

  @Override
  protected StateFile openAccepted(Target target, OpenMode mode, Set<Capability> wanted)
      throws IOException {
    Handle[] handle = new Handle[1];
    TestStateFile.perform(
        instruments,
        Operation.OPEN,
        target,
        0,
        ordered -> {
          TestStateFile.fail(ordered);
          handle[0] = handle(target, mode == OpenMode.WRITE);
        });
    return new TestStateFile(instruments, handle[0], target, mode);
  }

  private Handle handle(Target target, boolean writable) throws IOException {
    try {
      AccessMode access = AccessMode.of(target.descriptor());
      if (writable ? !access.writable() : !access.readable()) {
        throw new IOException(
            target
                + ": the descriptor is open for "
                + (writable ? "reading" : "writing")
                + " alone");
      }
      Path link = Path.of("/proc/self/fd/" + target.descriptor());
      return instruments.storage().open(link, writable, access.readable());
    } catch (NoSuchFileException e) {
      throw Errno.EBADF.failureOf(Operation.OPEN.call());
    }
  }

  /** What was asked for so far, in the order in which it was carried out. */
  public List<Call> calls() {
    return instruments.recorder().calls();
  }

  /** The calls of one operation. */
  public List<Call> calls(Operation operation) {
    return calls().stream().filter(call -> call.operation() == operation).toList();
  }

  /** What was done wrong so far, and what is open at this moment. */
  public List<Finding> findings() {
    return instruments.watch().findings();
  }

  /**
   * Asks that nothing was done wrong and nothing is open any more.
   *
   * @param allowed what is no fault in this test
   * @throws AssertionError if there is a finding; its suppressed exceptions tell all places
   */
  public void assertClean(Finding.Kind... allowed) {
    List<Finding> bad =
        findings().stream()
            .filter(finding -> !Arrays.asList(allowed).contains(finding.kind()))
            .toList();
    if (!bad.isEmpty()) {
      String text = bad.stream().map(Finding::toString).collect(Collectors.joining("\n"));
      AssertionError error = new AssertionError(text + "\nwith " + instruments.faults());
      bad.forEach(finding -> error.addSuppressed(finding.where()));
      throw error;
    }
  }

  /**
   * Cuts the power now. Does nothing if it is cut.
   *
   * @throws IOException if a file cannot be put back to what it was
   */
  public void cutPower() throws IOException {
    instruments.storage().cutPower("by the test");
  }

  /** Switches the power on again. What is opened from now on works. */
  public void powerOn() {
    instruments.storage().powerOn();
  }

  /** Waits until a call is held, see {@link FaultPlan#hold}. */
  public void awaitHeld() throws InterruptedException {
    instruments.gate().awaitHeld();
  }

  /** Lets all calls go that are held now. */
  public void letGo() {
    instruments.gate().letGo();
  }

  /**
   * What a file holds for this backend, up to 2 GiB; without the faults.
   *
   * @throws IOException if it cannot be read
   */
  public byte[] content(Path file) throws IOException {
    return instruments.storage().content(file);
  }

  /**
   * Lets go of the memory, and of the files that were closed and not synced, which stay as they
   * are. State files that are open are not closed by it.
   */
  @Override
  public void close() throws IOException {
    instruments.storage().close();
  }

  @Override
  public String toString() {
    return NAME + " " + instruments.faults();
  }
}
