/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.image.ImageSource;
import org.stillframe.image.InstantImage;
import org.stillframe.stream.Configuration;
import org.stillframe.stream.StreamHead;
import org.stillframe.system.FileCalls;
import org.stillframe.target.OpenTarget;
import org.stillframe.target.Targets;

/** Tells what to start a QEMU with. */
final class QemuArgumentsOperation {
  /**
   * What QEMU's machine types consist of. Of -machine, QEMU takes a word with a = for an option:
   * with another type than these an image could give QEMU one, for instance of files to write.
   */
  private static final Pattern MACHINE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]*");

  private final Targets targets;
  private final ImageOpener opener;
  private final FileCalls files;
  private final ChannelScheduler scheduler;

  QemuArgumentsOperation(
      Targets targets, ImageOpener opener, FileCalls files, ChannelScheduler scheduler) {
    this.targets = targets;
    this.opener = opener;
    this.files = files;
    this.scheduler = scheduler;
  }

  QemuArgumentsReport run(QemuArgumentsRequest request, Supervision supervision)
      throws StillframeException {
    return request.mode() == RestoreMode.INSTANT
        ? instant(request, supervision)
        : eager(request, supervision);
  }

  private QemuArgumentsReport instant(QemuArgumentsRequest request, Supervision supervision)
      throws StillframeException {
    if (!request.image().isFile()) {
      throw new RequestException(
          ErrorCode.INVALID_REQUEST,
          request.image().toString(),
          "with mode instant QEMU opens the image itself, and a descriptor of this process has no"
              + " name that it could open",
          "give the path of the image, or leave --mode instant out");
    }
    Path path = request.image().path().toAbsolutePath();
    try (OpenTarget open = targets.open(request.image())) {
      InstantImage image = InstantImage.open(files, open.target(), supervision::check);
      String machine = machine(request, image.summary().configuration());
      return report(request, machine, QemuArguments.instant(machine, image.main(), path));
    }
  }

  private QemuArgumentsReport eager(QemuArgumentsRequest request, Supervision supervision)
      throws StillframeException {
    StreamHead head =
        opener.use(
            request, request.image(), supervision, (source, choice) -> head(source, supervision));
    return report(request, machine(request, head.configuration()), QemuArguments.eager(head));
  }

  /** On a thread of its own, which can be told to give up: a pipe may have nothing to say. */
  private StreamHead head(ImageSource source, Supervision supervision) throws StillframeException {
    AtomicReference<StreamHead> head = new AtomicReference<>();
    supervision.run(scheduler, "head", List.of(() -> head.set(source.head())));
    return head.get();
  }

  private static String machine(QemuArgumentsRequest request, Configuration configuration)
      throws RequestException {
    String machine = configuration.machine();
    if (!MACHINE.matcher(machine).matches()) {
      throw new RequestException(
          ErrorCode.UNSUPPORTED,
          request.image().toString(),
          "its machine type, '"
              + machine
              + "', is none that QEMU could have, and might be taken for other options",
          "do not trust it unless you know where it is from, and start QEMU with arguments of your"
              + " own");
    }
    return machine;
  }

  private static QemuArgumentsReport report(
      QemuArgumentsRequest request, String machine, List<String> arguments) {
    return new QemuArgumentsReport(request.image().toString(), request.mode(), machine, arguments);
  }
}
