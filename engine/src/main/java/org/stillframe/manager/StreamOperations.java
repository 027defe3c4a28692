/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.io.IOException;
import java.util.List;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.Supervision;
import org.stillframe.channel.Throttle;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.guest.Endpoints;
import org.stillframe.image.TransferFailures;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.Target;
import org.stillframe.stream.ImageSummary;
import org.stillframe.system.Connection;
import org.stillframe.system.SystemCalls;

/** What is done with images and streams without a monitor: receive, send, inspect, convert. */
final class StreamOperations {
  private final SystemCalls system;
  private final Endpoints endpoints;
  private final ImageMaker maker;
  private final ImageOpener opener;
  private final ChannelScheduler scheduler;

  StreamOperations(
      SystemCalls system,
      Endpoints endpoints,
      ImageMaker maker,
      ImageOpener opener,
      ChannelScheduler scheduler) {
    this.system = system;
    this.endpoints = endpoints;
    this.maker = maker;
    this.opener = opener;
    this.scheduler = scheduler;
  }

  ReceiveReport receive(ReceiveRequest request, Supervision supervision)
      throws StillframeException {
    return new ReceiveReport(
        maker.make(
            request,
            supervision,
            sink -> {
              try (Endpoints.Receiver receiver = endpoints.receive(request.source())) {
                if (request.source().path() != null) {
                  supervision.enter(Phase.CONNECT);
                }
                try (Connection source = receiver.await(supervision)) {
                  receiver.close();
                  run(
                      "receive",
                      supervision,
                      () -> sink.record(source::read, supervision.counter(), new Throttle(0)));
                } catch (IOException e) {
                  throw TransferFailures.of(request.source().toString(), e);
                }
              }
            }));
  }

  SendReport send(SendRequest request, Supervision supervision) throws StillframeException {
    return opener.use(
        request,
        request.image(),
        supervision,
        (source, choice) -> {
          try (Connection sink = endpoints.send(request.sink())) {
            run("send", supervision, () -> source.play(sink, supervision.counter()));
          } catch (IOException e) {
            throw TransferFailures.of(request.sink().toString(), e);
          }
          return new SendReport(
              request.image().toString(),
              choice.backend().name(),
              source.summary().totalBytes(),
              supervision.elapsed(),
              source.summary());
        });
  }

  ImageDescription inspect(InspectRequest request, Supervision supervision)
      throws StillframeException {
    return opener.use(
        request,
        request.image(),
        supervision,
        (source, choice) -> {
          run("inspect", supervision, () -> source.scan(supervision.counter()));
          ImageSummary contents = source.summary();
          return new ImageDescription(request.image().toString(), Layout.of(contents), contents);
        });
  }

  ConvertReport convert(ConvertRequest request, Supervision supervision)
      throws StillframeException {
    return opener.use(
        request.reading(),
        request.image(),
        supervision,
        (source, choice) -> {
          StoredImage image =
              maker.make(
                  request,
                  supervision,
                  sink -> {
                    requireAnother(source.target(), sink.target());
                    for (List<ChannelTask> stage :
                        source.conversion(sink, request.channels(), supervision.counter())) {
                      run("convert", supervision, stage);
                    }
                  });
          return new ConvertReport(request.image().toString(), Layout.of(source.layout()), image);
        });
  }

  /** What is written in place, by another name perhaps, would be lost before it is read. */
  private void requireAnother(Target from, Target to) throws StillframeException {
    try {
      if (to.kind().seekable() && system.isSameFile(from.descriptor(), to.descriptor())) {
        throw new RequestException(
            ErrorCode.INVALID_REQUEST,
            "conversion of " + from.name() + " into " + to.name(),
            "both are one and the same, and it would be overwritten before it is read",
            "choose another target");
      }
    } catch (SystemCallException e) {
      throw TransferFailures.of(to.name(), e);
    }
  }

  private void run(String name, Supervision supervision, ChannelTask task)
      throws StillframeException {
    run(name, supervision, List.of(task));
  }

  private void run(String name, Supervision supervision, List<ChannelTask> tasks)
      throws StillframeException {
    supervision.enter(Phase.TRANSFER);
    supervision.run(scheduler, name, tasks);
  }
}
