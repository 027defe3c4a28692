/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.manager.Layout;
import org.stillframe.manager.StoringRequest;
import org.stillframe.spi.Capability;
import picocli.CommandLine.Option;

/** The options of the commands that make an image. */
final class StoringOptions {
  @Option(
      names = "--format",
      paramLabel = "stream|mapped",
      description =
          "The layout of the image. mapped: RAM at fixed positions, as QEMU's mapped-ram has it."
              + " stream: QEMU's migration stream as it comes. Default: mapped in files and block"
              + " devices, stream in pipes and sockets.")
  private Layout layout;

  @Option(
      names = {"--direct-mapped", "--mapped-ram"},
      description = "The same as --format mapped: a pipe or a socket is refused.")
  private boolean directMapped;

  @Option(
      names = "--force",
      description = "Replace the image at TARGET, atomically; overwrite a device.")
  private boolean force;

  void apply(StoringRequest.Builder<?> request) throws RequestException {
    if (directMapped && layout != null && layout != Layout.MAPPED) {
      throw new RequestException(
          ErrorCode.INVALID_REQUEST,
          "wrong usage",
          "--direct-mapped asks for the layout mapped, --format for " + layout,
          "leave one of them out");
    }
    request.replace(force);
    if (layout != null) {
      request.layout(layout);
    }
    if (directMapped) {
      request.capabilities(Capability.DIRECT_MAPPED);
    }
  }
}
