/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.time.Duration;
import org.stillframe.manager.ConvertReport;
import org.stillframe.manager.ImageDescription;
import org.stillframe.manager.Layout;
import org.stillframe.manager.ReceiveReport;
import org.stillframe.manager.RestoreMode;
import org.stillframe.manager.RestoreReport;
import org.stillframe.manager.SaveReport;
import org.stillframe.manager.SendReport;
import org.stillframe.manager.StoredImage;
import org.stillframe.target.TargetUri;

/** Prints what was done: as some lines, or as one JSON object. */
final class Reports {
  private static final int STANDARD_OUTPUT = 1;

  private final boolean json;
  private final PrintStream out;

  /**
   * Prints reports.
   *
   * @param used if it is standard output itself, the report goes to standard error
   */
  Reports(CommandContext context, boolean json, TargetUri used) {
    this.json = json;
    out = used.number() == STANDARD_OUTPUT ? context.err() : context.out();
  }

  void saved(SaveReport report) {
    if (json) {
      JsonObject object = stored(report.image());
      object.addProperty("route", report.route().toString());
      object.addProperty("routeReason", report.routeReason());
      object.addProperty("qemu", report.qemu());
      object.addProperty("guestStatus", report.guestStatus());
      report
          .stoodStill()
          .ifPresent(time -> object.addProperty("stoodStillMillis", time.toMillis()));
      report.notice().ifPresent(notice -> object.addProperty("notice", notice));
      object.addProperty("cpuMillis", report.processorTime().toMillis());
      object.add("contents", Contents.json(report.image().contents()));
      print(object);
      return;
    }
    out.println("saved " + report.image().target());
    line("guest", Contents.guest(report.image().contents()) + ", QEMU " + report.qemu());
    storedLines(report.image());
    line("route", report.route() + ": " + report.routeReason());
    line(
        "guest now",
        report.guestStatus()
            + report
                .stoodStill()
                .map(time -> "; it stood still for " + Amounts.time(time))
                .orElse("; it did not run before"));
    processorLine(report.processorTime());
    report.notice().ifPresent(notice -> line("notice", notice));
  }

  void received(ReceiveReport report) {
    if (json) {
      JsonObject object = stored(report.image());
      object.add("contents", Contents.json(report.image().contents()));
      print(object);
      return;
    }
    out.println("received " + report.image().target());
    line("guest", Contents.guest(report.image().contents()));
    storedLines(report.image());
  }

  void converted(ConvertReport report) {
    if (json) {
      JsonObject object = stored(report.image());
      object.addProperty("source", report.source());
      object.addProperty("sourceLayout", report.sourceLayout().toString());
      object.add("contents", Contents.json(report.image().contents()));
      print(object);
      return;
    }
    out.println("converted " + report.source() + " into " + report.image().target());
    line("source", "layout " + report.sourceLayout());
    line("guest", Contents.guest(report.image().contents()));
    storedLines(report.image());
  }

  private void storedLines(StoredImage image) {
    line("RAM", Contents.ram(image.contents()));
    line(
        "image",
        "%s, layout %s, in %s (%s), of which %s to make it durable"
            .formatted(
                Amounts.bytes(image.bytes()),
                image.layout(),
                Amounts.time(image.transfer().plus(image.sync())),
                Amounts.rate(image.bytes(), image.transfer().plus(image.sync())),
                Amounts.time(image.sync())));
    line("backend", image.backendReason());
  }

  private static JsonObject stored(StoredImage image) {
    JsonObject object = new JsonObject();
    object.addProperty("image", image.target());
    object.addProperty("layout", image.layout().toString());
    object.addProperty("bytes", image.bytes());
    object.addProperty("transferMillis", image.transfer().toMillis());
    object.addProperty("syncMillis", image.sync().toMillis());
    object.addProperty("backend", image.backend());
    object.addProperty("backendReason", image.backendReason());
    return object;
  }

  void restored(RestoreReport report) {
    if (json) {
      JsonObject object = moved(report.image(), report.backend(), report.bytes(), report.elapsed());
      object.addProperty("layout", report.layout().toString());
      object.addProperty("mode", report.mode().toString());
      object.addProperty("backendReason", report.backendReason());
      object.addProperty("route", report.route().toString());
      object.addProperty("routeReason", report.routeReason());
      object.addProperty("qemu", report.qemu());
      object.addProperty("guestStatus", report.guestStatus());
      object.addProperty("cpuMillis", report.processorTime().toMillis());
      object.add("contents", Contents.json(report.contents()));
      print(object);
      return;
    }
    out.println("restored " + report.image());
    line("guest", Contents.guest(report.contents()) + ", QEMU " + report.qemu());
    line("RAM", Contents.ram(report.contents()));
    if (report.mode() == RestoreMode.INSTANT) {
      line(
          "image",
          "%s, layout %s, mapped copy-on-write; restored in %s"
              .formatted(
                  Amounts.bytes(report.bytes()), report.layout(), Amounts.time(report.elapsed())));
    } else {
      movedLine(report.bytes(), report.layout(), report.elapsed());
    }
    line("mode", report.mode().toString());
    line("backend", report.backendReason());
    line("route", report.route() + ": " + report.routeReason());
    line("guest now", report.guestStatus());
    processorLine(report.processorTime());
  }

  void sent(SendReport report) {
    if (json) {
      JsonObject object = moved(report.image(), report.backend(), report.bytes(), report.elapsed());
      object.addProperty("layout", report.layout().toString());
      object.add("contents", Contents.json(report.contents()));
      print(object);
      return;
    }
    out.println("sent " + report.image());
    line("guest", Contents.guest(report.contents()));
    movedLine(report.bytes(), report.layout(), report.elapsed());
  }

  private static JsonObject moved(String image, String backend, long bytes, Duration elapsed) {
    JsonObject object = new JsonObject();
    object.addProperty("image", image);
    object.addProperty("bytes", bytes);
    object.addProperty("elapsedMillis", elapsed.toMillis());
    object.addProperty("backend", backend);
    return object;
  }

  private void movedLine(long bytes, Layout layout, Duration elapsed) {
    line(
        "image",
        "%s, layout %s, in %s (%s)"
            .formatted(
                Amounts.bytes(bytes), layout, Amounts.time(elapsed), Amounts.rate(bytes, elapsed)));
  }

  void inspected(ImageDescription description) {
    if (json) {
      JsonObject object = new JsonObject();
      object.addProperty("image", description.image());
      object.addProperty("layout", description.layout().toString());
      object.add("contents", Contents.json(description.contents()));
      print(object);
      return;
    }
    out.println(description.image() + ": whole, layout " + description.layout());
    Contents.table(description.contents()).forEach(out::println);
  }

  private void processorLine(Duration used) {
    line("processor", Amounts.time(used));
  }

  private void line(String label, String text) {
    out.println("  %-10s %s".formatted(label, text));
  }

  private void print(JsonObject object) {
    out.println(JsonText.of(object));
  }
}
