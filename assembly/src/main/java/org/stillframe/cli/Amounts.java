/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.stillframe.guest.Pace;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Bytes, rates and times as people write and read them: as in the United States, which the JDK
 * writes without looking up how.
 */
final class Amounts {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private static final Pattern AMOUNT =
      Pattern.compile("(\\d+(?:\\.\\d+)?)([KMGT]?)(?:i?B)?", Pattern.CASE_INSENSITIVE);

  private Amounts() {}

  static String bytes(long count) {
    double value = count;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    String form = unit == 0 ? "%.0f %s" : value < 10 ? "%.2f %s" : "%.1f %s";
    return String.format(Locale.US, form, value, UNITS[unit]);
  }

  /** A size in the largest unit in which it is a whole number. */
  static String size(long count) {
    int unit = Math.min(UNITS.length - 1, Long.numberOfTrailingZeros(Math.max(1, count)) / 10);
    return (count >> 10 * unit) + " " + UNITS[unit];
  }

  static String rate(long bytes, Duration time) {
    return bytes((long) (bytes / Math.max(1e-3, time.toNanos() / 1e9))) + "/s";
  }

  static String time(Duration time) {
    double seconds = time.toNanos() / 1e9;
    if (seconds < 1) {
      return String.format(Locale.US, "%.0f ms", seconds * 1000);
    }
    if (seconds < 60) {
      return String.format(Locale.US, "%.1f s", seconds);
    }
    return String.format(Locale.US, "%d min %02d s", (long) seconds / 60, (long) seconds % 60);
  }

  /** Reads a time: whole seconds, 1 or more. */
  static final class Seconds implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      // Nine digits are some thirty years, and still an int.
      if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) == 0) {
        throw new TypeConversionException("'" + text + "' is not a number of seconds, 1 or more");
      }
      return Duration.ofSeconds(Integer.parseInt(text));
    }
  }

  /** Reads how long a guest may stand still: whole milliseconds. */
  static final class Downtime implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      long most = Pace.LONGEST.toMillis();
      if (!text.matches("[0-9]{1,9}")
          || Integer.parseInt(text) == 0
          || Integer.parseInt(text) > most) {
        throw new TypeConversionException(
            "'" + text + "' is not a number of milliseconds from 1 to " + most);
      }
      return Duration.ofMillis(Integer.parseInt(text));
    }
  }

  /** Reads a number of channels. */
  static final class Channels implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      if (!text.matches("[0-9]{1,3}")
          || Integer.parseInt(text) == 0
          || Integer.parseInt(text) > 255) {
        throw new TypeConversionException("'" + text + "' is not a number from 1 to 255");
      }
      return Integer.parseInt(text);
    }
  }

  /** Reads a rate: bytes per second with an optional K, M, G or T of 1024. */
  static final class Rate implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      String form = "a rate such as 500M or 1.5G (bytes per second)";
      return (long) read(text, text.replaceFirst("(?i)/s$", ""), form, Long.MAX_VALUE);
    }
  }

  /** Reads a size: bytes with an optional K, M, G or T of 1024. */
  static final class Size implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return (long) read(text, text, "a size such as 512M or 1G", Long.MAX_VALUE);
    }
  }

  /** Reads the size of a buffer: as {@link Size}, less than 2 GiB. */
  static final class BufferSize implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return (int) read(text, text, "a size such as 256K or 1M", Integer.MAX_VALUE);
    }
  }

  private static double read(String text, String amount, String form, double limit) {
    Matcher matcher = AMOUNT.matcher(amount);
    if (!matcher.matches()) {
      throw new TypeConversionException("'" + text + "' is not " + form);
    }
    String unit = matcher.group(2).toUpperCase(Locale.ROOT);
    int power = unit.isEmpty() ? 0 : "KMGT".indexOf(unit) + 1;
    double value = Double.parseDouble(matcher.group(1)) * Math.pow(1024, power);
    if (value >= limit) {
      throw new TypeConversionException("'" + text + "' is too much");
    }
    return value;
  }
}
