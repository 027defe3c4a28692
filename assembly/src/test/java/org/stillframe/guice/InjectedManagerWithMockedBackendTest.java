/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.util.Modules;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.InOrder;
import org.stillframe.backend.BackendRegistry;
import org.stillframe.channel.ProgressListener;
import org.stillframe.error.RequestException;
import org.stillframe.manager.ImageDescription;
import org.stillframe.manager.InspectRequest;
import org.stillframe.manager.MigrationManager;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.target.TargetUri;

/**
 * How a program that gets its manager from Guice tests itself: one binding is overridden, so that
 * the only storage is a backend that Mockito makes.
 */
@Timeout(60)
class InjectedManagerWithMockedBackendTest {
  /** What the mocked storage holds: the head of an image that libvirt made. */
  private static final byte[] STORED = "LibvirtQemudSave and the rest of it".getBytes();

  private final MigrationBackend backend = mock(MigrationBackend.class);
  private final StateFile file = mock(StateFile.class);
  private final IoQueue queue = mock(IoQueue.class);

  @TempDir private Path directory;

  private MigrationManager manager;

  /** Puts the mocked backend in the place of those on the class path. */
  private final class MockedStorage extends AbstractModule {
    @Provides
    @Singleton
    BackendRegistry backends() throws RequestException {
      return BackendRegistry.of(List.of(backend));
    }
  }

  @BeforeEach
  void injectTheBackend() throws Exception {
    when(backend.name()).thenReturn("mocked");
    when(backend.spiVersion()).thenReturn(MigrationBackend.SPI_VERSION);
    when(backend.appraise(any(), any())).thenReturn(Appraisal.accepted(100, "it was mocked"));
    when(backend.open(any(), any(), any())).thenReturn(file);
    when(file.openQueue(anyInt(), any())).thenReturn(queue);
    readWhatIsStored();

    manager =
        Guice.createInjector(Modules.override(new StillframeModule()).with(new MockedStorage()))
            .getInstance(MigrationManager.class);
  }

  private void readWhatIsStored() throws Exception {
    Queue<long[]> submitted = new ArrayDeque<>();
    doAnswer(
            call -> {
              ByteBuffer buffer = call.getArgument(0);
              long offset = call.getArgument(1);
              int length = (int) Math.max(0, STORED.length - offset);
              buffer.duplicate().put(STORED, STORED.length - length, length);
              submitted.add(new long[] {call.getArgument(2), length});
              return null;
            })
        .when(queue)
        .read(any(), anyLong(), anyLong());
    when(queue.reap(anyInt(), any()))
        .thenAnswer(
            call -> {
              long[] one = submitted.poll();
              if (one == null) {
                return 0;
              }
              IoQueue.Completion completion = call.getArgument(1);
              completion.completed(one[0], (int) one[1], null);
              return 1;
            });
  }

  private ImageDescription inspect() throws Exception {
    Path image = Files.writeString(directory.resolve("vm1.image"), "not what the backend reads");
    InspectRequest request = InspectRequest.builder(TargetUri.file(image)).build();
    return manager.inspect(request, ProgressListener.NONE);
  }

  @Test
  void theManagerReadsThroughTheBackend() throws Exception {
    RequestException e = assertThrows(RequestException.class, this::inspect);

    assertEquals("it is a libvirt save image", e.why());
    InOrder order = inOrder(backend, file, queue);
    order.verify(backend).open(any(), eq(OpenMode.READ), any());
    order.verify(queue).close();
    order.verify(file).close();
  }

  @Test
  void aBackendThatRefusesIsNotOpenedAndItsReasonIsTold() throws Exception {
    when(backend.appraise(any(), any())).thenReturn(Appraisal.refused("the array is rebuilt"));

    RequestException e = assertThrows(RequestException.class, this::inspect);

    assertEquals("mocked says: the array is rebuilt", e.why());
    verify(backend, never()).open(any(), any(), any());
  }
}
