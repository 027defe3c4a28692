/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.stillframe.chart.BarChart.Bar;
import org.stillframe.chart.BarChart.Group;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;

class PictureFileTest {
  private static final int FIRST = 0xff0072b2;
  private static final int SECOND = 0xffe69f00;

  @TempDir Path directory;

  private static BarChart chart() {
    return new BarChart(
        "title",
        List.of("a note"),
        "MiB/s",
        List.of("one", "other"),
        List.of(
            new Group("both", Map.of("one", new Bar(50, 50, 50), "other", new Bar(100, 90, 100))),
            new Group("one alone", Map.of("one", new Bar(10, 10, 10)))));
  }

  private static int pixels(BufferedImage image, int colour) {
    int count = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        count += image.getRGB(x, y) == colour ? 1 : 0;
      }
    }
    return count;
  }

  @Test
  void barsAreAsLongAsTheirValues() throws Exception {
    Path path = directory.resolve("chart.png");
    try (PictureFile file = PictureFile.begin(path)) {
      file.write(chart());
    }
    BufferedImage image = ImageIO.read(path.toFile());
    int first = pixels(image, FIRST);
    int second = pixels(image, SECOND);
    // 50 and 10 against 100, less the line of the range; swatches are small.
    assertTrue(first > second / 2 && first < second * 0.75, first + " and " + second);
  }

  @Test
  void whatIsNotWrittenIsGone() throws Exception {
    Path path = directory.resolve("chart.png");
    try (PictureFile file = PictureFile.begin(path)) {
      assertTrue(Files.exists(path), "the name is taken");
      RequestException e = assertThrows(RequestException.class, () -> PictureFile.begin(path));
      assertEquals(ErrorCode.TARGET_EXISTS, e.code());
      file.requireRoomFor(10, 40);
      assertThrows(RequestException.class, () -> file.requireRoomFor(1000, 1000));
    }
    assertFalse(Files.exists(path), "nothing was drawn");
  }

  @Test
  void aChartOfNothingIsAPictureToo() throws Exception {
    Path path = directory.resolve("chart.png");
    try (PictureFile file = PictureFile.begin(path)) {
      file.write(new BarChart("nothing", List.of(), "s", List.of(), List.of()));
    }
    assertTrue(ImageIO.read(path.toFile()).getWidth() > 0);
  }
}
