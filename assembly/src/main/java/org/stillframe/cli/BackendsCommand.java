/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.nio.file.Files;
import java.util.concurrent.Callable;
import org.stillframe.error.RequestException;
import org.stillframe.manager.BackendsReport;
import org.stillframe.manager.BackendsRequest;
import org.stillframe.manager.MigrationManager;
import org.stillframe.spi.Capability;
import org.stillframe.target.TargetUri;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stillframe backends}. */
@Command(
    name = "backends",
    description = {
      "Lists the storage backends, and what each says of a target.",
      "With TARGET, which need not exist yet: what the system says of it, every backend's answer,"
          + " and which one a save would use and why. If a save would be refused, so is this, after"
          + " the list. Makes and changes nothing.",
    })
final class BackendsCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private OutputOptions output;

  @Parameters(arity = "0..1", paramLabel = "TARGET", description = "The target to ask about.")
  private String target;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "As if this storage backend were forced by a save.")
  private String backend;

  @Option(
      names = {"--bypass-cache", "--direct-io"},
      description = "Ask for what bypasses the host's page cache (O_DIRECT).")
  private boolean bypassCache;

  @Option(
      names = {"--direct-mapped", "--mapped-ram"},
      description = "Ask for what can hold RAM at fixed positions.")
  private boolean directMapped;

  BackendsCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    BackendsRequest.Builder request = BackendsRequest.builder();
    boolean missing = false;
    if (target != null) {
      TargetUri uri = TargetUri.parse(target);
      request.target(uri);
      missing = uri.isFile() && Files.notExists(uri.path());
    }
    if (backend != null) {
      request.backend(backend);
    }
    if (bypassCache) {
      request.capabilities(Capability.BYPASS_CACHE);
    }
    if (directMapped) {
      request.capabilities(Capability.DIRECT_MAPPED);
    }
    MigrationManager manager = context.manager().get();
    context.interruption().guard(manager);
    BackendsReport report = manager.backends(request.build());
    BackendsOutput printed = new BackendsOutput(report, missing);
    if (output.json()) {
      // With the refusal in it: there is one object, whatever comes of it.
      context.out().println(JsonText.of(printed.json()));
    } else {
      printed.lines().forEach(context.out()::println);
    }
    if (report.refusal().isEmpty()) {
      return 0;
    }
    RequestException refusal = report.refusal().get();
    context.err().println(Failures.line(refusal));
    return refusal.code().exitStatus();
  }
}
