/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.stillframe.spi.Capability;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;

/** A process whose seccomp filter, as those of containers do, forbids io_uring. */
class SeccompTest {
  @Test
  void theFilterIsNamed() throws IOException {
    String refusal =
        "refused: io_uring_setup: Operation not permitted (EPERM): the seccomp filter of this"
            + " process forbids io_uring";
    assertEquals(List.of(refusal, refusal), Child.run(Filtered.class).lines().toList());
  }

  /** Installs the filter in all its threads, and asks. */
  static final class Filtered {
    // <linux/filter.h>, <linux/seccomp.h>
    private static final short LOAD = 0x20;
    private static final short JUMP_IF_EQUAL = 0x15;
    private static final short RETURN = 0x06;
    private static final int FAIL_WITH_EPERM = 0x0005_0000 | SystemCalls.EPERM;
    private static final int ALLOW = 0x7fff_0000;
    private static final int IO_URING_SETUP = 425;
    private static final int SET_MODE_FILTER = 1;
    private static final int ALL_THREADS = 1;
    private static final int NO_NEW_PRIVILEGES = 38;

    private Filtered() {}

    public static void main(String[] args) {
      SystemCalls calls = NativeCalls.load();
      boolean arm = System.getProperty("os.arch").equals("aarch64");
      ByteBuffer program = memory(4 * 8);
      statement(program, LOAD, 0, 0);
      statement(program, JUMP_IF_EQUAL, 1, IO_URING_SETUP);
      statement(program, RETURN, 0, FAIL_WITH_EPERM);
      statement(program, RETURN, 0, ALLOW);
      ByteBuffer header = memory(16).putShort(0, (short) 4).putLong(8, calls.addressOf(program));
      require(Libc.syscall(arm ? 167 : 157, NO_NEW_PRIVILEGES, 1, 0, 0, 0, 0));
      long seccomp = arm ? 277 : 317;
      long at = calls.addressOf(header);
      require(Libc.syscall(seccomp, SET_MODE_FILTER, ALL_THREADS, at, 0, 0, 0));
      Target target = Target.builder("file:/a", TargetKind.REGULAR).build();
      UringBackend backend = new UringBackend();
      System.out.println(backend.appraise(target, Set.of()));
      System.out.println(backend.appraise(target, Set.of(Capability.BYPASS_CACHE)));
    }

    private static ByteBuffer memory(int length) {
      return ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
    }

    private static void statement(ByteBuffer program, short code, int otherwise, int value) {
      program.putShort(code).put((byte) 0).put((byte) otherwise).putInt(value);
    }

    private static void require(long result) {
      if (result != 0) {
        throw new IllegalStateException("the filter was not installed: " + result);
      }
    }
  }
}
