/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Java and the kernel say of the machine before anything native is loaded.
 *
 * @param system os.name
 * @param machine os.arch
 * @param release os.version, for example {@code 6.1.0-28-amd64}
 * @param disabled kernel.io_uring_disabled: 0 for nobody, 1 for the unprivileged, 2 for all
 * @param filtered whether a seccomp filter is in force
 */
record KernelFacts(String system, String machine, String release, int disabled, boolean filtered) {
  /** The first with IORING_OP_READ and IORING_OP_WRITE, which need no struct iovec. */
  private static final int MAJOR = 5;

  private static final int MINOR = 6;

  private static final Pattern RELEASE = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");

  static KernelFacts read() {
    return new KernelFacts(
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        System.getProperty("os.version"),
        number(content("/proc/sys/kernel/io_uring_disabled")),
        content("/proc/self/status").lines().anyMatch("Seccomp:\t2"::equals));
  }

  /** Empty where there is no such file: the setting is younger than io_uring. */
  private static String content(String path) {
    try {
      return Files.readString(Path.of(path));
    } catch (IOException e) {
      return "";
    }
  }

  private static int number(String text) {
    return text.isBlank() ? 0 : Integer.parseInt(text.strip());
  }

  /** Why there is no ring to be had, as part of a sentence; null if these facts allow one. */
  String refusal() {
    if (!system.equals("Linux")) {
      return "io_uring is Linux's, and this is " + system;
    }
    if (!machine.equals("amd64") && !machine.equals("aarch64")) {
      return "it knows io_uring on x86-64 and aarch64 alone, and this is " + machine;
    }
    if (isOld()) {
      return "it needs Linux 5.6, whose io_uring reads and writes single buffers, and this is "
          + release;
    }
    if (disabled == 2) {
      return "the setting kernel.io_uring_disabled is 2, which forbids io_uring to all";
    }
    return null;
  }

  private boolean isOld() {
    Matcher matcher = RELEASE.matcher(release);
    if (!matcher.matches()) {
      return false;
    }
    int major = Integer.parseInt(matcher.group(1));
    return major < MAJOR || major == MAJOR && Integer.parseInt(matcher.group(2)) < MINOR;
  }

  /** Whether only an attempt can tell if this process may have a ring. */
  boolean leavesDoubt() {
    return disabled != 0 || filtered || !RELEASE.matcher(release).matches();
  }

  /** Why io_uring_setup(2) has failed, beyond the system's words; as the end of a message. */
  String explain(int errno) {
    return switch (errno) {
      case SystemCalls.EPERM ->
          disabled == 1
              ? ": kernel.io_uring_disabled is 1, which leaves io_uring to CAP_SYS_ADMIN and to the"
                  + " group in kernel.io_uring_group"
              : filtered ? ": the seccomp filter of this process forbids io_uring" : "";
      case SystemCalls.ENOSYS ->
          filtered
              ? ": the kernel lacks io_uring, or the seccomp filter of this process hides it"
              : ": the kernel was built without io_uring";
      case SystemCalls.ENOMEM ->
          ": no memory for a ring, which some kernels count as locked; raise RLIMIT_MEMLOCK"
              + " (ulimit -l)";
      default -> "";
    };
  }
}
