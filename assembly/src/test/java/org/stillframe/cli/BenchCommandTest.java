/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Benchmarks by the command, small ones: what they tell, and what they leave behind. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class BenchCommandTest {
  @TempDir Path directory;

  private CommandRun bench(Object... options) {
    Object[] all = new Object[options.length + 7];
    Object[] fixed = {
      "bench", directory.resolve("x"), "--progress", "none", "--backend", "posix", "--buffered"
    };
    System.arraycopy(fixed, 0, all, 0, fixed.length);
    System.arraycopy(options, 0, all, fixed.length, options.length);
    return CommandRun.of(all);
  }

  private List<String> files() {
    return List.of(directory.toFile().list());
  }

  @Test
  void json() {
    JsonObject report =
        bench(
                "--json",
                "--size",
                "2M",
                "--block-size",
                "64K,1M",
                "--depth",
                "2",
                "--runs",
                "2",
                "--no-warm-up")
            .done()
            .json();
    assertEquals("file:" + directory.resolve("x"), report.get("target").getAsString());
    assertEquals(2 << 20, report.get("bytes").getAsLong());
    assertFalse(report.get("warmUp").getAsBoolean(), "it was switched off");
    JsonArray results = report.getAsJsonArray("results");
    assertEquals(8, results.size(), "two operations, two sizes, one and two queues");
    for (JsonElement element : results) {
      JsonObject result = element.getAsJsonObject();
      assertEquals(2, result.getAsJsonArray("runs").size());
      assertEquals(2 << 20, result.get("bytes").getAsLong());
      double rate = 2 / result.get("seconds").getAsDouble();
      assertEquals(rate, result.get("mebibytesPerSecond").getAsDouble(), rate * 1e-9);
      double processor =
          result.get("userSeconds").getAsDouble() + result.get("systemSeconds").getAsDouble();
      assertEquals(processor * 512, result.get("cpuSecondsPerGibibyte").getAsDouble(), 1e-6);
    }
    JsonObject engine = report.getAsJsonArray("engine").get(0).getAsJsonObject();
    assertEquals(1 << 20, engine.getAsJsonObject("write").get("blockSize").getAsInt());
    assertTrue(report.getAsJsonObject("best").has("read"), report.toString());
    assertTrue(
        report.getAsJsonObject("process").get("peakResidentBytes").getAsLong() > 1 << 20,
        report.toString());
    assertEquals(List.of(), files());
  }

  @Test
  void table() {
    CommandRun run = bench("--size", "1M", "--queues", "1", "--runs", "1", "--warm-up").done();
    run.printed("1 MiB, one run", "write  posix", "read   posix", "engine", "best write");
    assertEquals(List.of(), files());
  }

  @Test
  void picture() throws Exception {
    Path picture = directory.resolve("rates.png");
    bench("--size", "1M", "--runs", "1", "--picture", picture).done();
    assertEquals(List.of("rates.png"), files());
    BufferedImage image = ImageIO.read(picture.toFile());
    Set<Integer> colours = new HashSet<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        colours.add(image.getRGB(x, y));
      }
    }
    assertTrue(colours.contains(0xff0072b2), "the bars of the first backend");
    assertTrue(colours.size() > 20, "letters with smooth edges: " + colours.size());
  }

  @Test
  void nothingIsOverwritten() throws Exception {
    Path picture = Files.writeString(directory.resolve("rates.png"), "precious");
    bench("--size", "1M", "--picture", picture).failed(2, picture, "choose another name");
    assertEquals("precious", Files.readString(picture));
    Files.writeString(directory.resolve("x"), "precious");
    Path other = directory.resolve("other.png");
    bench("--size", "1M", "--picture", other).failed(2, directory.resolve("x"), "that is free");
    assertEquals("precious", Files.readString(directory.resolve("x")));
    assertFalse(Files.exists(other), "there is nothing to draw");
  }

  @Test
  void whatCannotBeDrawnIsToldBefore() {
    Path none = directory.resolve("none/rates.png");
    bench("--size", "1M", "--picture", none).failed(3, none, "No such file or directory");
    String many = "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20";
    Path picture = directory.resolve("rates.png");
    bench("--size", "1T", "--depth", many, "--queues", many, "--picture", picture)
        .failed(2, picture, "800 bars are too many");
    assertEquals(List.of(), files());
  }

  @Test
  void tooLittleSpace() {
    bench("--size", "1000000T").failed(3, directory.resolve("x"), "are free");
    CommandRun.of("bench", directory).failed(2, "it is a directory", "name a path that is free");
    assertEquals(List.of(), files());
  }

  @Test
  void controlC() throws Exception {
    Path work = Files.createDirectory(directory.resolve("work"));
    Path target = work.resolve("x");
    Path picture = work.resolve("rates.png");
    try (CommandProcess command =
        CommandProcess.start(
            directory,
            "bench",
            target,
            "--size",
            "16M",
            "--runs",
            1000,
            "--progress",
            "none",
            "--picture",
            picture)) {
      Guests.awaitBegun(target);
      command.signal("INT");
      command.await().failed(130, target, "cancelled");
    }
    assertEquals(0, work.toFile().list().length);
  }
}
