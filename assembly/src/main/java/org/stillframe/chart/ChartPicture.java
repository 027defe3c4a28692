/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import org.stillframe.chart.BarChart.Bar;
import org.stillframe.chart.BarChart.Group;

/** Draws a chart of bars. Used by one thread. */
final class ChartPicture {
  private static final int WIDTH = 1000;
  private static final int MARGIN = 28;
  private static final int BAR = 18;
  private static final int GROUP_GAP = 14;
  private static final int AXIS = 48;
  private static final int LINE = 20;
  private static final int SWATCH = 12;

  /** Pixels of the picture for each unit of length in here, where there is memory for it. */
  private static final int FINE = 2;

  /** The most pixels of a picture: 4 bytes each, in the small heap of a command. */
  private static final long MOST_PIXELS = 5_000_000;

  private static final Color INK = new Color(0x20, 0x24, 0x28);
  private static final Color FAINT = new Color(0x6a, 0x70, 0x76);
  private static final Color GRID = new Color(0xe2, 0xe5, 0xe8);

  /** Told apart by those who cannot tell red from green, and in print. */
  private static final int[] COLOURS = {
    0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7, 0x56b4e9, 0xd55e00, 0x8c8c8c
  };

  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 19);
  private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

  private final BarChart chart;
  private final Scale scale;
  private final int height;
  private final int top;
  private Graphics2D graphics;
  private int left;
  private int right;

  ChartPicture(BarChart chart) {
    this.chart = chart;
    scale = new Scale(chart.highest());
    top = MARGIN + 30 + LINE * (chart.notes().size() + 1) + 18;
    height = top + chart.groups().stream().mapToInt(ChartPicture::height).sum() + AXIS;
  }

  private static int height(Group group) {
    return Math.max(1, group.bars().size()) * BAR + GROUP_GAP;
  }

  /** Whether so many bars can be drawn. */
  static boolean hasRoomFor(int groups, int bars) {
    return (long) WIDTH * (groups * GROUP_GAP + bars * BAR) <= MOST_PIXELS;
  }

  BufferedImage draw() {
    int fine = (long) WIDTH * height * FINE * FINE <= MOST_PIXELS ? FINE : 1;
    BufferedImage image =
        new BufferedImage(WIDTH * fine, height * fine, BufferedImage.TYPE_INT_RGB);
    graphics = image.createGraphics();
    try {
      graphics.scale(fine, fine);
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, WIDTH, height);
      drawAll();
    } finally {
      graphics.dispose();
    }
    return image;
  }

  private void drawAll() {
    graphics.setFont(TEXT);
    FontMetrics metrics = graphics.getFontMetrics();
    int labels = 0;
    for (Group group : chart.groups()) {
      labels = Math.max(labels, metrics.stringWidth(group.label()));
    }
    // Long labels leave at least half of the width to the bars.
    left = MARGIN + Math.min(labels, WIDTH / 2 - MARGIN) + 12;
    right = WIDTH - MARGIN - metrics.stringWidth("00000");
    drawHead();
    drawAxis(metrics);
    int y = top;
    for (Group group : chart.groups()) {
      drawGroup(group, y, metrics);
      y += height(group);
    }
  }

  private void drawHead() {
    graphics.setColor(INK);
    graphics.setFont(TITLE);
    int y = MARGIN + 14;
    graphics.drawString(chart.title(), MARGIN, y);
    graphics.setFont(TEXT);
    graphics.setColor(FAINT);
    y += 6;
    for (String note : chart.notes()) {
      y += LINE;
      graphics.drawString(note, MARGIN, y);
    }
    y += LINE + 6;
    int x = MARGIN;
    for (int i = 0; i < chart.series().size(); i++) {
      graphics.setColor(colour(i));
      graphics.fillRect(x, y - SWATCH + 1, SWATCH, SWATCH);
      graphics.setColor(INK);
      String name = chart.series().get(i);
      graphics.drawString(name, x + SWATCH + 6, y);
      x += SWATCH + 6 + graphics.getFontMetrics().stringWidth(name) + 24;
    }
  }

  private void drawAxis(FontMetrics metrics) {
    int bottom = height - AXIS;
    for (int step = 0; step <= scale.steps(); step++) {
      int x = x(scale.at(step));
      graphics.setColor(step == 0 ? FAINT : GRID);
      graphics.drawLine(x, top - 4, x, bottom);
      String text = Scale.text(scale.at(step));
      graphics.setColor(FAINT);
      graphics.drawString(text, x - metrics.stringWidth(text) / 2, bottom + 18);
    }
    graphics.setColor(INK);
    int middle = (left + right - metrics.stringWidth(chart.unit())) / 2;
    graphics.drawString(chart.unit(), middle, bottom + 36);
  }

  private void drawGroup(Group group, int from, FontMetrics metrics) {
    graphics.setColor(INK);
    int middle = from + (height(group) - GROUP_GAP) / 2 + metrics.getAscent() / 2 - 1;
    graphics.drawString(group.label(), left - 12 - metrics.stringWidth(group.label()), middle);
    int y = from;
    for (int i = 0; i < chart.series().size(); i++) {
      Bar bar = group.bars().get(chart.series().get(i));
      if (bar != null) {
        drawBar(bar, colour(i), y, metrics);
        y += BAR;
      }
    }
  }

  private void drawBar(Bar bar, Color colour, int y, FontMetrics metrics) {
    graphics.setColor(colour);
    graphics.fillRect(left, y + 1, Math.max(1, x(bar.value()) - left), BAR - 3);
    int end = x(bar.value());
    if (bar.high() > bar.low()) {
      int center = y + BAR / 2 - 1;
      graphics.setColor(INK);
      graphics.setStroke(new BasicStroke(1.2f));
      graphics.drawLine(x(bar.low()), center, x(bar.high()), center);
      graphics.drawLine(x(bar.low()), center - 3, x(bar.low()), center + 3);
      graphics.drawLine(x(bar.high()), center - 3, x(bar.high()), center + 3);
      graphics.setStroke(new BasicStroke(1f));
      end = x(bar.high());
    }
    graphics.setColor(INK);
    graphics.drawString(
        Scale.text(bar.value()), end + 6, y + BAR / 2 + metrics.getAscent() / 2 - 2);
  }

  private static Color colour(int index) {
    return new Color(COLOURS[index % COLOURS.length]);
  }

  private int x(double value) {
    return left + (int) Math.round(value / scale.end() * (right - left));
  }
}
