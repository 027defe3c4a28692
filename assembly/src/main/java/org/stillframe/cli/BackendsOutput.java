/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.stillframe.backend.BackendChoice;
import org.stillframe.backend.ChoiceBasis;
import org.stillframe.manager.BackendDescription;
import org.stillframe.manager.BackendsReport;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.Capability;
import org.stillframe.spi.Target;

/** The backends and their answers, in words and as JSON. */
final class BackendsOutput {
  private static final String UNKNOWN = "unknown";

  private final BackendsReport report;
  private final boolean missing;

  /**
   * Shows a report.
   *
   * @param missing whether the target is not there yet, so that the facts are of its directory
   */
  BackendsOutput(BackendsReport report, boolean missing) {
    this.report = report;
    this.missing = missing;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (report.target().isPresent()) {
      facts(lines, report.target().get());
      lines.add("");
      answers(lines);
    } else {
      installed(lines);
    }
    decision(lines);
    return lines;
  }

  private void facts(List<String> lines, Target target) {
    lines.add(target.name());
    fact(lines, "kind", target.kind().label() + (missing ? ", not there yet" : ""));
    if (target.kind().seekable()) {
      storage(lines, target);
    }
    if (!report.wanted().isEmpty()) {
      fact(
          lines,
          "wanted",
          report.wanted().stream().map(Capability::label).collect(Collectors.joining(", ")));
    }
  }

  private void storage(List<String> lines, Target target) {
    if (!target.fileSystem().isEmpty()) {
      fact(lines, "storage", target.fileSystem());
    }
    if (!missing) {
      fact(lines, "size", target.size() + " bytes");
    }
    fact(lines, "block size", target.blockSize() + " bytes");
    fact(lines, "direct I/O", missing ? UNKNOWN + " until it is there" : direct(target));
  }

  private static String direct(Target target) {
    int memory = target.directMemoryAlignment();
    int offset = target.directOffsetAlignment();
    if (memory < 0 || offset < 0) {
      return UNKNOWN + ": the kernel does not say";
    }
    return memory == 0 || offset == 0
        ? "impossible"
        : "buffers at multiples of %d bytes, offsets of %d".formatted(memory, offset);
  }

  private static void fact(List<String> lines, String label, String text) {
    lines.add("  %-10s %s".formatted(label, text));
  }

  private void answers(List<String> lines) {
    int width = nameWidth();
    String form = "  %-" + width + "s  %-17s  %s";
    lines.add(form.formatted("backend", "answer", "reason"));
    for (BackendDescription backend : report.backends()) {
      Appraisal answer = backend.appraisal().orElseThrow();
      lines.add(form.formatted(backend.name(), words(answer), answer.reason()));
    }
  }

  private static String words(Appraisal answer) {
    if (answer.isAutomatic()) {
      return "accepted, rank " + answer.rank();
    }
    return answer.isAccepted() ? "only by name" : "refused";
  }

  private void installed(List<String> lines) {
    int width = nameWidth();
    String form = "  %-" + width + "s  %-3s  %-48s  %s";
    lines.add(form.formatted("backend", "SPI", "class", "from"));
    for (BackendDescription backend : report.backends()) {
      lines.add(
          form.formatted(
              backend.name(),
              backend.spiVersion(),
              backend.implementation(),
              backend.origin().orElse(UNKNOWN)));
    }
  }

  private int nameWidth() {
    return report.backends().stream().mapToInt(b -> b.name().length()).reduce(7, Math::max);
  }

  private void decision(List<String> lines) {
    if (report.chosen().isPresent()) {
      lines.add("");
      fact(lines, "chosen", report.chosen().get().explanation() + why());
    } else if (report.forced().isPresent() && report.refusal().isEmpty()) {
      lines.add("");
      fact(lines, "forced", report.forced().get() + why());
    }
  }

  private String why() {
    return report.basis() == ChoiceBasis.RANK ? "" : " [by " + report.basis() + "]";
  }

  JsonObject json() {
    JsonObject object = new JsonObject();
    report.target().ifPresent(target -> object.add("target", json(target)));
    JsonArray wanted = new JsonArray();
    report.wanted().forEach(capability -> wanted.add(capability.label()));
    object.add("wanted", wanted);
    JsonArray backends = new JsonArray();
    report.backends().forEach(backend -> backends.add(json(backend)));
    object.add("backends", backends);
    object.addProperty("chosenBy", report.basis().toString());
    report.forced().ifPresent(name -> object.addProperty("forced", name));
    report.chosen().ifPresent(choice -> chosen(object, choice));
    report.refusal().ifPresent(refusal -> object.add("error", Failures.json(refusal)));
    return object;
  }

  private static void chosen(JsonObject object, BackendChoice choice) {
    object.addProperty("chosen", choice.backend().name());
    object.addProperty("chosenReason", choice.explanation());
  }

  private static JsonObject json(Target target) {
    JsonObject object = new JsonObject();
    object.addProperty("name", target.name());
    object.addProperty("kind", target.kind().label());
    object.addProperty("fileSystem", target.fileSystem());
    object.addProperty("bytes", target.size());
    object.addProperty("blockSize", target.blockSize());
    // 0: impossible; absent: the kernel does not say.
    if (target.directMemoryAlignment() >= 0) {
      object.addProperty("directMemoryAlignment", target.directMemoryAlignment());
    }
    if (target.directOffsetAlignment() >= 0) {
      object.addProperty("directOffsetAlignment", target.directOffsetAlignment());
    }
    return object;
  }

  private static JsonObject json(BackendDescription backend) {
    JsonObject object = new JsonObject();
    object.addProperty("name", backend.name());
    object.addProperty("class", backend.implementation());
    backend.origin().ifPresent(origin -> object.addProperty("origin", origin));
    object.addProperty("spiVersion", backend.spiVersion());
    backend
        .appraisal()
        .ifPresent(
            answer -> {
              object.addProperty(
                  "answer",
                  answer.isAutomatic()
                      ? "accepted"
                      : answer.isAccepted() ? "only-by-name" : "refused");
              if (answer.isAutomatic()) {
                object.addProperty("rank", answer.rank());
              }
              object.addProperty("reason", answer.reason());
            });
    return object;
  }
}
