/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.stillframe.channel.SharedCursor;
import org.stillframe.channel.Throttle;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.CancelledException;
import org.stillframe.error.GuestException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.stream.MultifdSink;
import org.stillframe.stream.PageBatch;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.RamSink;
import org.stillframe.stream.StreamListener;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Errno;
import org.stillframe.system.FileCalls;
import org.stillframe.system.FileIdentity;
import org.stillframe.system.FileMapping;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.PresentPages;
import org.stillframe.system.SystemCalls;

/** This process is the QEMU whose memory is shared. */
class SharedRamTest {
  private static final int PAGE = PresentPages.PAGE;
  private static final int PAGES = 40;

  private final SystemCalls system = new SystemCalls();
  private final FileCalls files = new FileCalls(system);
  private final RamBlock block = new RamBlock(0, "pc.ram", PAGES * PAGE, OptionalLong.empty());
  private final List<String> calls = new ArrayList<>();
  private final byte[] stored = new byte[PAGES * PAGE];
  private Descriptor file;
  private FileMapping qemu;

  /** The RAM block begins in the third page of the file: there may be something before it. */
  @BeforeEach
  void share() throws Exception {
    file = files.memory("shared-ram");
    system.truncate(file.number(), (PAGES + 2) * PAGE);
    qemu = files.map(file.number(), 2 * PAGE, PAGES * PAGE, true);
  }

  @AfterEach
  void end() throws Exception {
    qemu.close();
    file.close();
  }

  private void touch(int page, int value) {
    qemu.view((long) page * PAGE, PAGE).put(PAGE - 1, (byte) value);
  }

  private int found(int page) {
    return qemu.view((long) page * PAGE, PAGE).get(PAGE - 1);
  }

  /** Where this process has the file mapped. */
  private static Stream<String> maps() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .filter(each -> each.contains("/memfd:shared-ram"));
  }

  private GuestMemory memory() throws Exception {
    int process = (int) ProcessHandle.current().pid();
    String line = maps().findFirst().orElseThrow();
    long address = Long.parseUnsignedLong(line.substring(0, line.indexOf('-')), 16);
    HostRam host = new HostRam("pc.ram", PAGES * PAGE, PAGES * PAGE, address);
    MemoryMap map = MemoryMap.of(process);
    Optional<SharedPart> part = map.shared(address, PAGES * PAGE);
    assertEquals(2 * PAGE, part.orElseThrow().offset());
    return new GuestMemory(
        Qmp.at(Path.of("/qmp")),
        process,
        List.of(new GuestMemory.Area(block, host, true, false, part)));
  }

  private final class Sink implements RamSink {
    @Override
    public ByteBuffer take() {
      throw new AssertionError("nothing is copied");
    }

    @Override
    public void pages(RamBlock of, long offset, ByteBuffer buffer, int position, int length) {
      throw new AssertionError("nothing is copied");
    }

    @Override
    public void lend(RamBlock of, long offset, ByteBuffer memory, int position, int length) {
      assertEquals(block, of);
      memory.clear().get(position, stored, (int) offset, length);
      calls.add("pages " + offset / PAGE + "+" + length / PAGE);
    }

    @Override
    public void zero(RamBlock of, long offset, long length) {
      calls.add("zero " + offset / PAGE + "+" + length / PAGE);
    }

    @Override
    public void give(ByteBuffer buffer) {}

    @Override
    public void drain() {}

    @Override
    public void close() {}
  }

  private void read(SharedRam ram, int first, int count) throws Exception {
    new SharedReader(new TransferCounter())
        .read(ram.views().get(0), new Sink(), block, (long) first * PAGE, (long) count * PAGE);
  }

  @Test
  void holesAndPagesOfZerosAreTold() throws Exception {
    touch(3, 33);
    touch(4, 44);
    touch(5, 0);
    touch(6, 66);
    touch(39, 99);
    try (SharedRam ram = SharedRam.toRead(system, memory())) {
      assertEquals(PAGES * PAGE, ram.bytes());
      read(ram, 0, PAGES);
    }
    assertEquals(
        List.of("zero 0+3", "pages 3+2", "zero 5+1", "pages 6+1", "zero 7+32", "pages 39+1"),
        calls);
    assertEquals(33, stored[4 * PAGE - 1]);
    assertEquals(44, stored[5 * PAGE - 1]);
    assertEquals(66, stored[7 * PAGE - 1]);
    assertEquals(99, stored[40 * PAGE - 1]);
  }

  @Test
  void aHoleStaysOne() throws Exception {
    touch(3, 33);
    long before = files.allocated(file.number());
    try (SharedRam ram = SharedRam.toRead(system, memory())) {
      read(ram, 0, 10);
      read(ram, 10, PAGES - 10);
    }
    assertEquals(before, files.allocated(file.number()));
    assertEquals(
        List.of("zero 0+3", "pages 3+1", "zero 4+6", "zero 10+30"), calls, "portion by portion");
  }

  /** How many pages of the mapping that was made last this process has at hand. */
  private int held() throws Exception {
    String line = maps().filter(each -> each.contains("r--s")).findFirst().orElseThrow();
    long address = Long.parseUnsignedLong(line.substring(0, line.indexOf('-')), 16);
    try (Descriptor map = system.open(Path.of("/proc/self/pagemap"), 0, 0)) {
      PresentPages present = new PresentPages(system, map);
      int runs = present.look(address, PAGES * PAGE);
      long pages = 0;
      for (int run = 0; run < runs; run++) {
        pages += (present.end(run) - present.begin(run)) / PAGE;
      }
      return (int) pages;
    }
  }

  @Test
  void whatIsLetGoCanBeReadAgain() throws Exception {
    for (int page = 3; page < 30; page++) {
      touch(page, page);
    }
    try (SharedRam ram = SharedRam.toRead(system, memory())) {
      SharedView view = ram.views().get(0);
      view.provide(0, 30 * PAGE);
      assertEquals(30, held());
      view.release(2 * PAGE, 38 * PAGE);
      assertEquals(2, held());
      read(ram, 0, PAGES);
    }
    assertEquals(29, stored[30 * PAGE - 1]);
  }

  @Test
  void whoIsToGiveUpReadsNoFurtherPortion() throws Exception {
    GuestMemory memory = memory();
    MultifdSink target = mock(MultifdSink.class);
    when(target.sink(0)).thenReturn(new Sink());
    try (SharedRam ram = SharedRam.toRead(system, memory);
        Descriptor pageMap = system.open(memory.pageMap(), OpenFlags.READ_ONLY, 0)) {
      MemoryReader reader =
          new MemoryReader(
              0,
              system,
              memory,
              pageMap,
              ram,
              new SharedCursor(new long[] {PAGES * PAGE}, 10 * PAGE),
              target,
              new TransferCounter(),
              new Throttle(0));
      Thread.currentThread().interrupt();
      try {
        assertThrows(CancelledException.class, reader::run);
      } finally {
        assertTrue(Thread.interrupted());
      }
    }
    assertEquals(List.of("zero 0+10"), calls);
  }

  @Test
  void aFileThatWasCutIsAFailure() throws Exception {
    touch(3, 33);
    try (SharedRam ram = SharedRam.toRead(system, memory())) {
      system.truncate(file.number(), 12 * PAGE);
      read(ram, 0, 10);
      GuestException e = assertThrows(GuestException.class, () -> read(ram, 10, 10));
      assertTrue(e.getMessage().contains("pc.ram: its file was cut, and lacks"), e.getMessage());
    }
  }

  @Test
  void whatCannotBeHadIsAFailureAndNotTheEndOfTheProcess() throws Exception {
    try (SharedRam ram = SharedRam.toRead(system, memory())) {
      system.truncate(file.number(), 12 * PAGE);
      SharedView view = ram.views().get(0);
      view.provide(0, 10 * PAGE);
      GuestException e = assertThrows(GuestException.class, () -> view.provide(0, 11 * PAGE));
      assertTrue(e.getMessage().contains("Bad address"), e.getMessage());
    }
  }

  @Test
  void placesAreTheMemoryOfQemu() throws Exception {
    try (SharedRam ram = SharedRam.toWrite(system, memory())) {
      SharedPlaces places = new SharedPlaces(memory(), ram);
      ByteBuffer place = places.place(block, 7 * PAGE, 2 * PAGE);
      assertEquals(2 * PAGE, place.remaining());
      place.put(place.position() + PAGE - 1, (byte) 77).put(place.limit() - 1, (byte) 88);
      RamBlock other = new RamBlock(1, "pc.bios", 8 * PAGE, OptionalLong.empty());
      assertNull(places.place(other, 0, PAGE));
      RamBlock longer = new RamBlock(0, "pc.ram", 41 * PAGE, OptionalLong.empty());
      assertNull(places.place(longer, 0, PAGE));
    }
    assertEquals(77, found(7));
    assertEquals(88, found(8));
  }

  @Test
  void pagesOfZerosAreClearedWhereThereIsSomethingElse() throws Exception {
    touch(3, 33);
    touch(4, 44);
    touch(6, 66);
    long before = files.allocated(file.number());
    PageBatch batch = new PageBatch(PAGE);
    try (SharedRam ram = SharedRam.toWrite(system, memory())) {
      SharedPlaces places = new SharedPlaces(memory(), ram);
      batch.begin(block);
      for (int page : new int[] {0, 1, 2, 3, 6, 7, 39}) {
        batch.zero((long) page * PAGE);
      }
      assertTrue(places.clear(batch));
      assertEquals(before, files.allocated(file.number()), "holes stay what they are");
      batch.begin(new RamBlock(1, "pc.bios", 8 * PAGE, OptionalLong.empty()));
      assertFalse(places.clear(batch));
    }
    assertEquals(0, found(3));
    assertEquals(44, found(4));
    assertEquals(0, found(6));
  }

  @Test
  void aReaderThatIsInterruptedSaysWhichOneItIs() throws Exception {
    GuestMemory memory = memory();
    MultifdSink sink =
        new MultifdSink() {
          @Override
          public StreamListener listener() {
            throw new AssertionError("pages alone");
          }

          @Override
          public RamSink sink(int index) {
            return new Sink();
          }
        };
    try (SharedRam ram = SharedRam.toRead(system, memory);
        Descriptor map = system.open(memory.pageMap(), 0, 0)) {
      MemoryReader reader =
          new MemoryReader(
              3,
              system,
              memory,
              map,
              ram,
              new SharedCursor(new long[] {PAGES * PAGE}),
              sink,
              new TransferCounter(),
              new Throttle(1));
      Thread.currentThread().interrupt();
      CancelledException e = assertThrows(CancelledException.class, reader::run);
      assertTrue(Thread.interrupted());
      assertEquals("memory channel 3", e.what());
    }
  }

  private static List<Integer> open() throws Exception {
    List<Integer> found = new ArrayList<>();
    for (String name : Path.of("/proc/self/fd").toFile().list()) {
      Path link = Path.of("/proc/self/fd", name);
      if (Files.isSymbolicLink(link)
          && Files.readSymbolicLink(link).toString().contains("/memfd:shared-ram")) {
        found.add(Integer.parseInt(name));
      }
    }
    return found;
  }

  @Test
  void allIsGivenBackAlsoWhereSomeOfItFails() throws Exception {
    List<Integer> before = open();
    GuestMemory.Area area = memory().areas().get(0);
    GuestMemory three =
        new GuestMemory(memory().monitor(), memory().process(), List.of(area, area, area));
    SharedRam ram = SharedRam.toRead(system, three);
    List<Integer> mapped = open();
    mapped.removeAll(before);
    assertEquals(3, mapped.size());
    // Two of them cannot be closed once more.
    POSIX posix = POSIXFactory.getNativePOSIX();
    mapped.subList(0, 2).forEach(posix::close);
    SystemCallException e = assertThrows(SystemCallException.class, ram::close);
    assertEquals(Errno.EBADF, e.errno());
    assertEquals(1, e.getSuppressed().length);
    assertEquals(before, open());
    assertFalse(maps().anyMatch(line -> line.contains("r--s")), "nothing stays mapped");
  }

  @Test
  void anotherFileOfThatInodeIsNotTakenForIt() throws Exception {
    SharedPart part = memory().areas().get(0).shared().orElseThrow();
    int process = (int) ProcessHandle.current().pid();
    SharedFiles opener = new SharedFiles(files);
    SharedPart elsewhere =
        new SharedPart("0-1000", new FileIdentity("ff:fe", part.file().inode()), 0, PAGE);
    assertTrue(opener.open(process, elsewhere, 0).isEmpty());
    SharedPart byDescriptor = new SharedPart("0-1000", part.file(), 0, PAGE);
    opener.open(process, byDescriptor, 0).orElseThrow().close();
  }
}
