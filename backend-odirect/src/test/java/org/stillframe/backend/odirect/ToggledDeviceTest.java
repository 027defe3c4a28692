/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import jnr.constants.platform.OpenFlags;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.stillframe.spi.Capability;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.spi.contract.Bench;
import org.stillframe.spi.contract.Requests;
import org.stillframe.spi.contract.storage.LoopDevice;

/** A block device through the caller's own descriptor. */
class ToggledDeviceTest {
  @RegisterExtension static final LoopDevice DEVICE = LoopDevice.ofSectors(512);

  private static final int SEEK_SET = 0;
  private static final int SEEK_CUR = 1;

  private final OdirectNative natives = new OdirectNative();
  private Bench bench;

  @BeforeEach
  void setUp() throws IOException {
    bench = new Bench(new OdirectToggledContractTest());
  }

  @AfterEach
  void tearDown() throws IOException {
    bench.close();
  }

  @Test
  void positionAndFlagsStayTheCallers() throws IOException {
    Path path = DEVICE.path();
    int fd = natives.posix().open(path.toString(), OpenFlags.O_RDWR.intValue(), 0);
    bench.keep(() -> natives.close(fd));
    natives.posix().lseekLong(fd, 1234, SEEK_SET);
    int flags = Flags.of(fd);
    Target target =
        Target.builder("fd:" + fd, TargetKind.BLOCK)
            .descriptor(fd)
            .size(DEVICE.size())
            .directAlignment(512, 512)
            .build();
    StateFile file = bench.opened(target, OpenMode.WRITE, Set.of(Capability.BYPASS_CACHE));
    assertTrue(Flags.isDirect(fd));
    assertEquals(DEVICE.size(), file.size());
    byte[] content = new byte[20_001];
    Arrays.fill(content, (byte) 7);
    long offset = DEVICE.size() - content.length;
    Requests requests = bench.requests(file);
    requests.write(content, offset);
    file.sync();
    assertArrayEquals(content, requests.read(offset, content.length + 1));
    file.close();
    assertEquals(flags, Flags.of(fd));
    assertEquals(1234, natives.posix().lseekLong(fd, 0, SEEK_CUR));
  }
}
