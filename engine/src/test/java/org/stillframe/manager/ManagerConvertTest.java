/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.ProgressListener;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.error.StorageException;
import org.stillframe.spi.Capability;
import org.stillframe.stream.SampleStreams;
import org.stillframe.system.Descriptor;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.SystemCalls;
import org.stillframe.target.TargetUri;

/** Conversions, on one channel and on several. */
class ManagerConvertTest extends ManagerFixture {
  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private byte[] stream;
  private Path mapped;
  private Path made;

  @BeforeEach
  void makeAMappedImage() throws Exception {
    mapped = directory.resolve("mapped.image");
    made = directory.resolve("made.image");
    store(SampleStreams.blocks(random, 4000));
  }

  private void store(byte[] guest) throws Exception {
    stream = guest;
    Files.write(image, stream);
    Files.deleteIfExists(mapped);
    convert(image, mapped, Layout.MAPPED, 1);
  }

  private ConvertReport convert(Path from, Path to, Layout layout, int channels)
      throws StillframeException {
    return manager.convert(request(from, to, layout, channels), ProgressListener.NONE);
  }

  private static ConvertRequest request(Path from, Path to, Layout layout, int channels) {
    return ConvertRequest.builder(TargetUri.file(from), TargetUri.file(to))
        .layout(layout)
        .channels(channels)
        .build();
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "16"})
  void imagesAreTheSameOnAnyNumberOfChannels(int channels) throws Exception {
    ConvertReport copied = convert(mapped, made, Layout.MAPPED, channels);
    assertEquals(-1, Files.mismatch(mapped, made), "seed " + seed);
    assertEquals(Layout.MAPPED, copied.sourceLayout());
    assertEquals(Files.size(made), copied.image().bytes());
    Path again = directory.resolve("again.image");
    ConvertReport back = convert(made, again, Layout.STREAM, channels);
    byte[] bytes = Files.readAllBytes(again);
    assertEquals(SampleStreams.ram(stream), SampleStreams.ram(bytes), "seed " + seed);
    assertEquals(bytes.length, back.image().bytes());
    Path last = directory.resolve("last.image");
    assertEquals(Layout.STREAM, convert(again, last, Layout.MAPPED, channels).sourceLayout());
    assertEquals(-1, Files.mismatch(mapped, last), "seed " + seed);
  }

  @Test
  void aPipeTakesTheSameStreamInOrder() throws Exception {
    convert(mapped, made, Layout.STREAM, 4);
    Path pipe = directory.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    FutureTask<byte[]> reader =
        new FutureTask<>(
            () -> {
              try (InputStream in = Files.newInputStream(pipe)) {
                return in.readAllBytes();
              }
            });
    Thread thread = new Thread(reader, "reader");
    thread.setDaemon(true);
    thread.start();
    try (Descriptor writer = new SystemCalls().open(pipe, OpenFlags.READ_WRITE, 0)) {
      ConvertRequest request =
          ConvertRequest.builder(TargetUri.file(mapped), TargetUri.parse("fd:" + writer.number()))
              .channels(4)
              .build();
      manager.convert(request, ProgressListener.NONE);
    }
    assertArrayEquals(Files.readAllBytes(made), reader.get(), "seed " + seed);
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void anImageIsNotOverwrittenByItself(Layout layout) throws Exception {
    for (Path path : List.of(mapped, image)) {
      byte[] before = Files.readAllBytes(path);
      try (Descriptor same = new SystemCalls().open(path, OpenFlags.READ_WRITE, 0)) {
        ConvertRequest request =
            ConvertRequest.builder(TargetUri.file(path), TargetUri.descriptor(same.number()))
                .layout(layout)
                .replace(true)
                .build();
        RequestException e =
            assertThrows(
                RequestException.class, () -> manager.convert(request, ProgressListener.NONE));
        assertEquals(ErrorCode.INVALID_REQUEST, e.code());
        assertTrue(e.what().contains("file:" + path + " into fd:" + same.number()), e.what());
      }
      assertArrayEquals(before, Files.readAllBytes(path));
    }
  }

  @ParameterizedTest
  @CsvSource({"STREAM, 2", "MAPPED, 2", "STREAM, 1", "MAPPED, 1"})
  void aTargetThatFillsUpLeavesNothing(Layout layout, int channels) throws Exception {
    store(STREAM);
    List<String> before = files();
    backend.full = STREAM.length / 2;
    for (Path from : List.of(mapped, image)) {
      StorageException e =
          assertThrows(StorageException.class, () -> convert(from, made, layout, channels));
      assertEquals(ErrorCode.TARGET_FULL, e.code());
      assertTrue(e.what().startsWith("file:" + made), e.what());
      assertEquals(before, files());
    }
  }

  @ParameterizedTest
  @CsvSource({"STREAM, 2", "MAPPED, 2", "STREAM, 1", "MAPPED, 1"})
  void aConversionCanBeCancelled(Layout layout, int channels) throws Exception {
    store(STREAM);
    List<String> before = files();
    for (Path from : List.of(mapped, image)) {
      boolean[] moving = new boolean[1];
      backend.whenRead =
          () -> {
            if (moving[0]) {
              manager.cancel();
            }
          };
      ProgressListener listener = progress -> moving[0] |= progress.phase() == Phase.TRANSFER;
      assertThrows(
          CancelledException.class,
          () -> manager.convert(request(from, made, layout, channels), listener));
      assertEquals(before, files());
    }
  }

  /** A read tells the kind of image, and of a stream two the ends; four are ahead of the parser. */
  @ParameterizedTest
  @CsvSource({"mapped.image, 1, 2", "vm1.image, 3, 7"})
  void aLookAtAnImageCanBeCancelled(String name, int before, int reads) throws Exception {
    store(STREAM);
    backend.read.clear();
    backend.whenRead =
        () -> {
          if (backend.read.size() == before) {
            manager.cancel();
            untilInterrupted();
          }
        };
    InspectRequest request =
        InspectRequest.builder(TargetUri.file(directory.resolve(name))).build();
    assertThrows(CancelledException.class, () -> manager.inspect(request, ProgressListener.NONE));
    assertEquals(reads, backend.read.size(), backend.read.toString());
  }

  private static void untilInterrupted() {
    try {
      Thread.sleep(Duration.ofMinutes(10).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void progressReachesTheWhole() throws Exception {
    long[] bytes = new long[2];
    ConvertReport report =
        manager.convert(
            request(mapped, made, Layout.MAPPED, 3),
            progress -> {
              bytes[0] = progress.bytes();
              bytes[1] = progress.total().orElse(-1);
            });
    long stored = report.image().contents().blocks().stream().mapToLong(b -> b.dataPages()).sum();
    assertEquals(stored * 4096, bytes[0], "seed " + seed);
    assertEquals(stored * 4096, bytes[1], "seed " + seed);
  }

  @Test
  void bypassingTheCacheIsAskedOfBothAndBackendsOfEither() {
    ConvertRequest request =
        ConvertRequest.builder(TargetUri.file(mapped), TargetUri.file(made))
            .backend("one")
            .sourceBackend("other")
            .capabilities(Capability.BYPASS_CACHE, Capability.DIRECT_MAPPED)
            .build();
    assertEquals("one", request.backend().orElseThrow());
    assertEquals("other", request.reading().backend().orElseThrow());
    assertEquals("[bypass-cache]", request.reading().capabilities().toString());
    RequestException e =
        assertThrows(RequestException.class, () -> manager.convert(request, ProgressListener.NONE));
    assertTrue(e.getMessage().contains("other"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "256"})
  void channelsAreFrom1To255(int channels) {
    assertThrows(
        IllegalArgumentException.class, () -> request(image, made, Layout.MAPPED, channels));
  }
}
