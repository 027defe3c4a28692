/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.contract.Descriptor;
import org.stillframe.spi.contract.Requests;

/** The contract where the caller's own descriptor is switched to O_DIRECT. */
class OdirectToggledContractTest extends OdirectContractTest {
  @Override
  public MigrationBackend newBackend() {
    return new OdirectBackend(new ReopeningRefused());
  }

  /** The one exception: there is no other way to bypass the page cache here. */
  @Override
  @ParameterizedTest
  @EnumSource
  public void theCallersDescriptorKeepsItsFlags(OpenMode mode) throws IOException {
    Path path = bench().file(new byte[10_000]);
    Descriptor descriptor =
        bench().descriptor(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    int flags = Flags.of(descriptor.number());
    StateFile file = bench().opened(bench().target(path, descriptor), mode, wanted());
    Requests requests = bench().requests(file);
    requests.read(100, 5000);
    int direct = KernelNumbers.OWN.direct();
    assertEquals(flags | direct, Flags.of(descriptor.number()), "O_DIRECT and no other");
    requests.queue().close();
    file.close();
    assertEquals(flags, Flags.of(descriptor.number()), "afterwards");
  }
}
