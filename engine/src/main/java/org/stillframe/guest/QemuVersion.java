/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.util.Comparator;
import java.util.Optional;
import org.stillframe.error.GuestException;

/**
 * The version that a QEMU gives in its greeting. It says little about features, which distributions
 * port back: ask QEMU for the feature where it can be asked.
 *
 * @param packageText the distribution's own words, often empty
 */
public record QemuVersion(int major, int minor, int micro, String packageText)
    implements Comparable<QemuVersion> {
  private static final Comparator<QemuVersion> ORDER =
      Comparator.comparingInt(QemuVersion::major)
          .thenComparingInt(QemuVersion::minor)
          .thenComparingInt(QemuVersion::micro)
          .thenComparing(QemuVersion::packageText);

  /** From a greeting: its member QMP holds what query-version would answer. */
  static QemuVersion of(QmpAnswer greeting) throws GuestException {
    QmpAnswer version = greeting.required("QMP").required("version");
    QmpAnswer qemu = version.required("qemu");
    Optional<QmpAnswer> packageText = version.member("package");
    return new QemuVersion(
        (int) qemu.number("major"),
        (int) qemu.number("minor"),
        (int) qemu.number("micro"),
        packageText.isPresent() ? packageText.get().text().strip() : "");
  }

  /** Whether it is this release or a later one. */
  public boolean atLeast(int otherMajor, int otherMinor) {
    return major > otherMajor || major == otherMajor && minor >= otherMinor;
  }

  /** By number, and among equal numbers by the distribution's words. */
  @Override
  public int compareTo(QemuVersion other) {
    return ORDER.compare(this, other);
  }

  /** For example {@code 7.2.22 (Debian 1:7.2+dfsg-7)}. */
  @Override
  public String toString() {
    String number = major + "." + minor + "." + micro;
    return packageText.isEmpty() ? number : number + " (" + packageText + ")";
  }
}
