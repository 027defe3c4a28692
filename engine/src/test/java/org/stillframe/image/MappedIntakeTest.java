/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import org.junit.jupiter.api.Test;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.StateFile;

class MappedIntakeTest {
  /** The queue holds descriptors and memory of the system, which nobody else would give back. */
  @Test
  void aSinkThatCannotBeMadeKeepsNoQueue() throws Exception {
    IoQueue queue = mock(IoQueue.class);
    // No JVM has an array of so many.
    when(queue.depth()).thenReturn(Integer.MAX_VALUE);
    StateFile file = mock(StateFile.class);
    when(file.memoryAlignment()).thenReturn(1);
    when(file.openQueue(anyInt(), any())).thenReturn(queue);
    MappedIntake intake = new MappedIntake("file:/srv/a", file, mock(MappedRecorder.class));
    assertThrows(OutOfMemoryError.class, () -> intake.sink(0));
    verify(queue).close();
  }
}
