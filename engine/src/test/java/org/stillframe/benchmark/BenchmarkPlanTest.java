/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;

class BenchmarkPlanTest {
  @Test
  void theProductOfAllLists() throws Exception {
    BenchmarkPlan plan =
        BenchmarkPlan.builder()
            .blockSizes(List.of(8192, 4096, 8192))
            .depths(List.of(4))
            .queues(List.of(1, 3))
            .build();
    assertEquals(
        List.of(
            new Setting("tape", true, Operation.WRITE, 4096, 4, 1),
            new Setting("tape", true, Operation.READ, 4096, 4, 1),
            new Setting("tape", true, Operation.WRITE, 4096, 4, 3),
            new Setting("tape", true, Operation.READ, 4096, 4, 3),
            new Setting("tape", true, Operation.WRITE, 8192, 4, 1),
            new Setting("tape", true, Operation.READ, 8192, 4, 1),
            new Setting("tape", true, Operation.WRITE, 8192, 4, 3),
            new Setting("tape", true, Operation.READ, 8192, 4, 3)),
        plan.settings("tape", true));
    assertEquals(8, plan.combinations());
  }

  @Test
  void oneOperationAlone() throws Exception {
    BenchmarkPlan plan =
        BenchmarkPlan.builder().operations(List.of(Operation.READ, Operation.READ)).build();
    List<Setting> settings = plan.settings("tape", false);
    assertEquals(plan.combinations(), settings.size());
    assertTrue(settings.stream().allMatch(s -> s.operation() == Operation.READ), "reads alone");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 4096, 1, 1, 1, the size 0",
    "5000, 4096, 1, 1, 1, the size 5000",
    "8192, 0, 1, 1, 1, the block size 0",
    "8192, 512, 1, 1, 1, the block size 512",
    "8192, -4096, 1, 1, 1, the block size -4096",
    "8192, 12288, 1, 1, 1, more than the size 8192",
    "8192, 4096, 0, 1, 1, the depth 0",
    "8192, 4096, 4097, 1, 1, the depth 4097",
    "8192, 4096, 1, 0, 1, 0 queues",
    "8192, 4096, 1, 1025, 1, 1025 queues",
    "8192, 4096, 1, 1, 0, 0 runs",
  })
  void whatMakesNoSense(long size, int block, int depth, int queues, int runs, String named) {
    BenchmarkPlan.Builder builder =
        BenchmarkPlan.builder()
            .size(size)
            .blockSizes(List.of(block))
            .depths(List.of(depth))
            .queues(List.of(queues))
            .runs(runs);
    RequestException e = assertThrows(RequestException.class, builder::build);
    assertEquals(ErrorCode.INVALID_REQUEST, e.code());
    assertTrue(e.why().contains(named), e.why());
  }

  @Test
  void anEmptyListIsNoPlan() {
    BenchmarkPlan.Builder builder = BenchmarkPlan.builder().operations(List.of());
    assertThrows(RequestException.class, builder::build);
  }
}
