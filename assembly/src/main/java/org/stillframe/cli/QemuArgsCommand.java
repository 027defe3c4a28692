/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.concurrent.Callable;
import org.stillframe.manager.QemuArgumentsReport;
import org.stillframe.manager.QemuArgumentsRequest;
import org.stillframe.manager.RestoreMode;
import org.stillframe.target.TargetUri;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stillframe qemu-args}. */
@Command(
    name = "qemu-args",
    description = {
      "Prints what to start QEMU with to restore an image: one line, quoted for a shell.",
      "It is what the image tells: the machine type, RAM, and -incoming defer. Processors (-cpu,"
          + " -smp), devices, disks, firmware and the QMP monitor are for you to add, as they were"
          + " when the guest was saved. If main memory belonged to a NUMA node, put -numa"
          + " node,memdev=ID in the place of memory-backend=ID.",
    })
final class QemuArgsCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private OutputOptions output;

  @Mixin private WorkOptions work;

  @Parameters(
      paramLabel = "IMAGE",
      description = "The image to restore from; with --mode instant a path.")
  private String image;

  @Option(
      names = "--mode",
      paramLabel = "eager|instant",
      defaultValue = "eager",
      description =
          "How it will be restored. instant: main memory is mapped from the image copy-on-write, with"
              + " QEMU 8.2 or newer; an image that cannot serve is refused, with the reason. See"
              + " restore. Default: ${DEFAULT-VALUE}.")
  private RestoreMode mode;

  QemuArgsCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    TargetUri uri = TargetUri.parse(image);
    QemuArgumentsRequest.Builder request = QemuArgumentsRequest.builder(uri).mode(mode);
    work.apply(request);
    QemuArgumentsReport report =
        work.run(context, (manager, listener) -> manager.qemuArguments(request.build()));
    String line = ShellLine.of(report.arguments());
    if (!output.json()) {
      context.out().println(line);
      return 0;
    }
    JsonObject object = new JsonObject();
    object.addProperty("image", report.image());
    object.addProperty("mode", report.mode().toString());
    object.addProperty("machine", report.machine());
    JsonArray arguments = new JsonArray();
    report.arguments().forEach(arguments::add);
    object.add("arguments", arguments);
    object.addProperty("commandLine", line);
    context.out().println(JsonText.of(object));
    return 0;
  }
}
