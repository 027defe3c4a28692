/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.InOrder;
import org.stillframe.backend.BackendRegistry;
import org.stillframe.channel.ProgressListener;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.error.StorageException;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.Capability;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.SystemCallException;
import org.stillframe.stream.SampleStreams;
import org.stillframe.target.TargetUri;

/**
 * How a program that uses the library tests itself: with a storage backend that Mockito makes, a
 * manager needs neither a disk array nor luck to show what happens when storage fails.
 */
@Timeout(60)
class ManagerWithMockedBackendTest {
  private static final byte[] STREAM = SampleStreams.ofPages(100);

  // A backend opens a target as a file; a file opens a queue for each thread.
  private final MigrationBackend backend = mock(MigrationBackend.class);
  private final StateFile file = mock(StateFile.class);
  private final IoQueue queue = mock(IoQueue.class);

  private final ByteArrayOutputStream stored = new ByteArrayOutputStream();
  private final FakeGuest guest = new FakeGuest();

  @TempDir private Path directory;

  private MigrationManager manager;

  @BeforeEach
  void injectTheBackend() throws Exception {
    when(backend.name()).thenReturn("mocked");
    when(backend.spiVersion()).thenReturn(MigrationBackend.SPI_VERSION);
    when(backend.appraise(any(), any())).thenReturn(Appraisal.accepted(100, "it was mocked"));
    when(backend.open(any(), any(), any())).thenReturn(file);
    when(file.openQueue(anyInt(), any()))
        .thenAnswer(
            call -> {
              when(queue.depth()).thenReturn(call.getArgument(0));
              return queue;
            });
    storeWhatIsWritten();

    guest.stream = STREAM;
    manager =
        Stillframe.builder()
            .backends(BackendRegistry.of(List.of(backend)))
            .guests(guest.connector())
            .build();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** A queue keeps what was submitted until it is reaped: tag and length are all it must know. */
  private void storeWhatIsWritten() throws Exception {
    Queue<long[]> submitted = new ArrayDeque<>();
    doAnswer(
            call -> {
              ByteBuffer buffer = call.getArgument(0);
              byte[] bytes = new byte[buffer.remaining()];
              buffer.duplicate().get(bytes);
              stored.writeBytes(bytes);
              submitted.add(new long[] {call.getArgument(2), bytes.length});
              return null;
            })
        .when(queue)
        .write(any(), anyLong(), anyLong());
    when(queue.inFlight()).thenAnswer(call -> submitted.size());
    when(queue.reap(anyInt(), any()))
        .thenAnswer(
            call -> {
              int count = submitted.size();
              IoQueue.Completion completion = call.getArgument(1);
              for (long[] one : submitted) {
                completion.completed(one[0], (int) one[1], null);
              }
              submitted.clear();
              return count;
            });
  }

  private SaveReport save(Layout layout, Capability... capabilities) throws StillframeException {
    SaveRequest request =
        SaveRequest.builder(FakeGuest.ADDRESS, TargetUri.file(directory.resolve("vm1.image")))
            .layout(layout)
            .capabilities(capabilities)
            .build();
    return manager.save(request, ProgressListener.NONE);
  }

  @Test
  void aSaveGoesThroughTheBackend() throws Exception {
    SaveReport report = save(Layout.STREAM);

    assertArrayEquals(STREAM, stored.toByteArray());
    assertEquals("mocked", report.image().backend());
    assertEquals("mocked (rank 100): it was mocked", report.image().backendReason());
  }

  @Test
  void theImageIsSyncedWhenItIsWholeAndClosedWhenItIsSynced() throws Exception {
    save(Layout.STREAM, Capability.BYPASS_CACHE);

    InOrder order = inOrder(backend, file, queue);
    order.verify(backend).open(any(), eq(OpenMode.WRITE), eq(Set.of(Capability.BYPASS_CACHE)));
    order.verify(file).openQueue(anyInt(), any());
    order.verify(queue).close();
    order.verify(file).truncate(STREAM.length);
    order.verify(file).sync();
    order.verify(file).close();
  }

  @Test
  void aBackendThatRefusesIsNotOpenedAndItsReasonIsTold() throws Exception {
    when(backend.appraise(any(), any())).thenReturn(Appraisal.refused("the array is rebuilt"));

    RequestException e = assertThrows(RequestException.class, () -> save(Layout.MAPPED));

    assertEquals(ErrorCode.UNSUPPORTED, e.code());
    assertEquals("mocked says: the array is rebuilt", e.why());
    verify(backend, never()).open(any(), any(), any());
    assertEquals("running", guest.status);
  }

  @Test
  void aGuestOutlivesADiskThatIsFull() throws Exception {
    doThrow(new SystemCallException("pwrite", 28, "No space left on device (ENOSPC)"))
        .when(queue)
        .write(any(), anyLong(), anyLong());

    StorageException e = assertThrows(StorageException.class, () -> save(Layout.MAPPED));

    assertEquals(ErrorCode.TARGET_FULL, e.code());
    assertTrue(e.getMessage().contains("No space left on device"), e.getMessage());
    assertEquals("running", guest.status);
    verify(file).close();
  }

  @Test
  void anImageThatCannotBeMadeDurableIsNone() throws Exception {
    doThrow(new SystemCallException("fsync", 5, "Input/output error (EIO)")).when(file).sync();

    StorageException e = assertThrows(StorageException.class, () -> save(Layout.MAPPED));

    assertEquals(ErrorCode.STORAGE, e.code());
    assertEquals("running", guest.status);
    assertEquals(0, directory.toFile().list().length);
  }
}
