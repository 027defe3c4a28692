/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.channel.CancelToken;
import org.stillframe.channel.ProgressListener;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.system.Descriptor;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.SystemCalls;
import org.stillframe.target.TargetUri;

/** Images that say more of their guest than what it was. */
class HostileArgumentsTest extends ManagerFixture {
  /** As long as {@code pc-q35-10.0}, in whose place they stand. */
  @ParameterizedTest
  @ValueSource(
      strings = {"dumpdtb=/a ", "firmware=/a", "pc,usb=on..", "help?      ", "-device edu"})
  void aMachineTypeIsNoOtherOption(String type) throws Exception {
    String text = new String(STREAM, StandardCharsets.ISO_8859_1).replace("pc-q35-10.0", type);
    Files.write(image, text.getBytes(StandardCharsets.ISO_8859_1));
    Path mapped = directory.resolve("mapped.image");
    manager.convert(
        ConvertRequest.builder(TargetUri.file(image), TargetUri.file(mapped)).build(),
        ProgressListener.NONE);
    refuses(image, RestoreMode.EAGER, type);
    refuses(mapped, RestoreMode.EAGER, type);
    refuses(mapped, RestoreMode.INSTANT, type);
  }

  @Test
  void aPipeThatSaysNothingIsNotWaitedForAgainstOnesWill() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    CancelToken token = new CancelToken();
    try (Descriptor silent = new SystemCalls().open(pipe, OpenFlags.READ_WRITE, 0)) {
      QemuArgumentsRequest request =
          QemuArgumentsRequest.builder(TargetUri.descriptor(silent.number()))
              .cancelToken(token)
              .build();
      backend.whenRead = token::cancel;
      assertThrows(CancelledException.class, () -> manager.qemuArguments(request));
    }
  }

  private void refuses(Path path, RestoreMode mode, String type) {
    QemuArgumentsRequest request =
        QemuArgumentsRequest.builder(TargetUri.file(path)).mode(mode).build();
    RequestException e = assertThrows(RequestException.class, () -> manager.qemuArguments(request));
    assertEquals(ErrorCode.UNSUPPORTED, e.code());
    assertEquals("file:" + path, e.what());
    assertTrue(e.why().contains("'" + type + "'"), e.why());
  }
}
