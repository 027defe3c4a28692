/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.stillframe.backend.BackendChoice;
import org.stillframe.backend.BackendSelector;
import org.stillframe.benchmark.Benchmark;
import org.stillframe.benchmark.Result;
import org.stillframe.benchmark.Subject;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.image.TransferFailures;
import org.stillframe.spi.Capability;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.system.SystemCalls;
import org.stillframe.target.Publication;
import org.stillframe.target.TargetUri;
import org.stillframe.target.Targets;

/** Measures backends over a file that is made for it and removed. */
final class BenchmarkOperation {
  private static final String FREE_PATH =
      "name a path that is free, on the file system that is to be measured";

  private final Targets targets;
  private final BackendSelector selector;
  private final SystemCalls system;
  private final Benchmark benchmark;

  BenchmarkOperation(
      Targets targets, BackendSelector selector, ChannelScheduler scheduler, SystemCalls system) {
    this.targets = targets;
    this.selector = selector;
    this.system = system;
    benchmark = new Benchmark(scheduler, system);
  }

  BenchmarkReport run(BenchmarkRequest request, Supervision supervision)
      throws StillframeException {
    List<Set<Capability>> ways = ways(request);
    // It is an image that is never published: nobody else's file is touched, and it is gone after.
    try (Publication file = create(request.target())) {
      Target target = file.target();
      List<Subject> subjects = subjects(request, target, ways);
      List<Result> results =
          benchmark.run(
              target,
              request.target().path().toAbsolutePath().getParent(),
              subjects,
              request.plan(),
              supervision);
      return new BenchmarkReport(
          target, request.plan(), results, engine(target, ways), system.resourceUse());
    } catch (SystemCallException e) {
      throw TransferFailures.of(request.target().toString(), e);
    }
  }

  /** What is asked of the backends: one set for each way to the storage that is measured. */
  private static List<Set<Capability>> ways(BenchmarkRequest request) throws RequestException {
    Set<Capability> asked = request.capabilities();
    boolean bypass = asked.contains(Capability.BYPASS_CACHE);
    if (bypass && request.buffered()) {
      throw new RequestException(
          ErrorCode.INVALID_REQUEST,
          "benchmark of " + request.target(),
          "it cannot both go through the page cache alone and bypass it",
          "ask for one of the two, or for neither to measure both");
    }
    List<Set<Capability>> ways = new ArrayList<>();
    if (!bypass) {
      ways.add(asked);
    }
    if (!request.buffered()) {
      Set<Capability> direct = EnumSet.of(Capability.BYPASS_CACHE);
      direct.addAll(asked);
      ways.add(direct);
    }
    return ways;
  }

  private Publication create(TargetUri uri) throws StillframeException {
    if (!uri.isFile()) {
      throw refused(uri, "what it writes would be lost or spoil what is there");
    }
    try {
      TargetKind kind = targets.probe(uri).kind();
      if (kind == TargetKind.REGULAR) {
        return targets.create(uri, false);
      }
      throw refused(uri, "it is a " + kind.label() + ", whose contents would be destroyed");
    } catch (RequestException e) {
      // What an image may replace or be written into, a benchmark may not.
      throw switch (e.code()) {
        case TARGET_EXISTS -> advised(e, "choose a name that is free: nothing is overwritten");
        case UNSUPPORTED -> advised(e, FREE_PATH);
        default -> e;
      };
    }
  }

  private static RequestException advised(RequestException e, String remedy) {
    return new RequestException(e.code(), e.what(), e.why(), remedy, e);
  }

  private static RequestException refused(TargetUri uri, String why) {
    return new RequestException(
        ErrorCode.UNSUPPORTED,
        uri.toString(),
        "a benchmark needs a file of its own: " + why,
        FREE_PATH);
  }

  private List<Subject> subjects(
      BenchmarkRequest request, Target target, List<Set<Capability>> ways) throws RequestException {
    List<Optional<String>> names = new ArrayList<>();
    new LinkedHashSet<>(request.backends()).forEach(name -> names.add(Optional.of(name)));
    if (names.isEmpty()) {
      names.add(Optional.empty());
    }
    List<Subject> subjects = new ArrayList<>();
    for (Optional<String> name : names) {
      int before = subjects.size();
      for (Set<Capability> wanted : ways) {
        for (BackendChoice answer : selector.appraise(target, wanted, name)) {
          boolean asked = answer.forced() && answer.appraisal().isAccepted();
          if (asked || answer.appraisal().isAutomatic()) {
            subjects.add(new Subject(answer.backend(), wanted));
          }
        }
      }
      if (subjects.size() == before) {
        // None serves: the selector knows how to say so.
        selector.select(target, ways.get(0), name);
      }
    }
    return subjects;
  }

  private List<EngineSetting> engine(Target target, List<Set<Capability>> ways) {
    List<EngineSetting> settings = new ArrayList<>();
    for (Set<Capability> wanted : ways) {
      selector
          .survey(target, wanted, Optional.empty())
          .chosen()
          .map(choice -> EngineSetting.of(wanted.contains(Capability.BYPASS_CACHE), choice))
          .ifPresent(settings::add);
    }
    return settings;
  }
}
