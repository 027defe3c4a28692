/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import org.stillframe.error.StillframeException;
import org.stillframe.manager.Request;
import org.stillframe.spi.Capability;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that all commands on images have. */
final class CommonOptions {
  @Mixin private OutputOptions output;

  @Mixin private WorkOptions work;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "Use this storage backend. Default: the best that accepts the target.")
  private String backend;

  @Option(
      names = {"--bypass-cache", "--direct-io"},
      description =
          "Bypass the host's page cache (O_DIRECT). Refused if no backend can do so here.")
  private boolean bypassCache;

  boolean json() {
    return output.json();
  }

  void apply(Request.Builder<?> request) {
    if (backend != null) {
      request.backend(backend);
    }
    if (bypassCache) {
      request.capabilities(Capability.BYPASS_CACHE);
    }
    work.apply(request);
  }

  <T> T run(CommandContext context, WorkOptions.Work<T> task) throws StillframeException {
    return work.run(context, task);
  }
}
