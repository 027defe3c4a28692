/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.chart;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.stillframe.chart.BarChart.Bar;
import org.stillframe.chart.BarChart.Group;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.error.StorageException;

/**
 * A PNG file in the making. It is begun before the work whose figures it is to show, so that what
 * stands in its way is told before and not after. Used by one thread.
 */
public final class PictureFile implements AutoCloseable {
  private final Path path;
  private boolean written;

  private PictureFile(Path path) {
    this.path = path;
  }

  /**
   * Makes the file, empty, and makes sure that text can be drawn.
   *
   * @throws RequestException TARGET_EXISTS if there is something of this name, UNSUPPORTED if this
   *     Java cannot draw
   * @throws StorageException if it cannot be made
   */
  public static PictureFile begin(Path path) throws StillframeException {
    requireText(path);
    try {
      Files.createFile(path);
    } catch (FileAlreadyExistsException e) {
      throw new RequestException(
          ErrorCode.TARGET_EXISTS,
          path.toString(),
          "there is a file of this name",
          "choose another name for the picture",
          e);
    } catch (IOException e) {
      throw failed(path, e);
    }
    return new PictureFile(path);
  }

  /** Without fonts, AWT fails deep within, and says so in many ways. */
  private static void requireText(Path path) throws RequestException {
    String why;
    Throwable cause = null;
    try {
      Bar bar = new Bar(1, 1, 1);
      BarChart sample =
          new BarChart(
              "M", List.of(), "M", List.of("M"), List.of(new Group("M", Map.of("M", bar))));
      BufferedImage blank =
          new ChartPicture(new BarChart("", List.of(), "", List.of(), List.of())).draw();
      BufferedImage drawn = new ChartPicture(sample).draw();
      // The title alone stands so high.
      int rows = Math.min(blank.getHeight(), drawn.getHeight()) / 4;
      if (!alike(blank, drawn, rows)) {
        return;
      }
      why = "its fonts have no letters";
    } catch (RuntimeException | LinkageError | InternalError e) {
      cause = e;
      why = deepest(e).toString();
    }
    throw new RequestException(
        ErrorCode.UNSUPPORTED,
        path.toString(),
        "this Java cannot draw text: " + why,
        "install the packages fontconfig, libfreetype6 and fonts-dejavu-core, or do without a"
            + " picture",
        cause);
  }

  private static Throwable deepest(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static boolean alike(BufferedImage one, BufferedImage other, int rows) {
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < one.getWidth(); x++) {
        if (one.getRGB(x, y) != other.getRGB(x, y)) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Refuses what would be too large to draw.
   *
   * @throws RequestException UNSUPPORTED if it is
   */
  public void requireRoomFor(int groups, int bars) throws RequestException {
    if (!ChartPicture.hasRoomFor(groups, bars)) {
      throw new RequestException(
          ErrorCode.UNSUPPORTED,
          path.toString(),
          bars + " bars are too many for one picture",
          "draw fewer at a time");
    }
  }

  /** Draws the chart into the file. */
  public void write(BarChart chart) throws StorageException {
    try (OutputStream file = Files.newOutputStream(path, StandardOpenOption.WRITE);
        ImageOutputStream out = new MemoryCacheImageOutputStream(file)) {
      if (!ImageIO.write(new ChartPicture(chart).draw(), "png", out)) {
        throw new IOException("this Java has no writer for PNG");
      }
    } catch (IOException e) {
      throw failed(path, e);
    }
    written = true;
  }

  private static StorageException failed(Path path, IOException e) {
    return new StorageException(
        ErrorCode.STORAGE,
        path.toString(),
        "the picture cannot be written: " + words(e),
        "check that its directory exists and can be written to",
        e);
  }

  /** The JDK keeps some of the system's words as types. */
  private static String words(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "No such file or directory";
    }
    if (e instanceof AccessDeniedException) {
      return "Permission denied";
    }
    boolean told = e instanceof FileSystemException system && system.getReason() != null;
    return told ? ((FileSystemException) e).getReason() : e.getMessage();
  }

  /** Lets go of it; a file that was not written is gone. */
  @Override
  public void close() throws StorageException {
    if (written) {
      return;
    }
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }
}
