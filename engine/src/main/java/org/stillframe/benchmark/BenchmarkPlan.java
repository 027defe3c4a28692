/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.benchmark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;

/** What is to be measured with each backend: the product of all its lists. Immutable. */
public final class BenchmarkPlan {
  /** Sizes are multiples of this, in bytes, so that direct I/O can serve them. */
  private static final int UNIT = 4096;

  private static final int MAX_DEPTH = 4096;
  private static final int MAX_QUEUES = 1024;
  private static final int MAX_RUNS = 1000;

  private final long size;
  private final Set<Integer> blockSizes;
  private final Set<Integer> depths;
  private final Set<Integer> queues;
  private final Set<Operation> operations;
  private final int runs;
  private final boolean warmUp;

  private BenchmarkPlan(Builder builder) {
    size = builder.size;
    blockSizes = new TreeSet<>(builder.blockSizes);
    depths = new TreeSet<>(builder.depths);
    queues = new TreeSet<>(builder.queues);
    operations = Set.copyOf(builder.operations);
    runs = builder.runs;
    warmUp = builder.warmUp;
  }

  /** Starts a plan: 1 GiB in blocks of 1 MiB, depth 8, by 1 and by 2 queues, three runs. */
  public static Builder builder() {
    return new Builder();
  }

  /** How much each run moves, in bytes. */
  public long size() {
    return size;
  }

  /** How often each setting is measured. */
  public int runs() {
    return runs;
  }

  /** Whether each backend moves a little first that is not measured. */
  public boolean warmUp() {
    return warmUp;
  }

  /** Whether this is measured. */
  public boolean has(Operation operation) {
    return operations.contains(operation);
  }

  /** How many settings there are for each backend. */
  public int combinations() {
    return blockSizes.size() * depths.size() * queues.size() * operations.size();
  }

  /** All settings of one backend, a write always right before the read of the same. */
  List<Setting> settings(String backend, boolean bypassCache) {
    List<Setting> settings = new ArrayList<>();
    for (int blockSize : blockSizes) {
      for (int depth : depths) {
        for (int count : queues) {
          for (Operation operation : Operation.values()) {
            if (has(operation)) {
              settings.add(new Setting(backend, bypassCache, operation, blockSize, depth, count));
            }
          }
        }
      }
    }
    return settings;
  }

  private void require() throws RequestException {
    require(size >= UNIT && size % UNIT == 0, "the size " + size, "is no multiple of " + UNIT);
    for (int blockSize : blockSizes) {
      String named = "the block size " + blockSize;
      require(blockSize >= UNIT && blockSize % UNIT == 0, named, "is no multiple of " + UNIT);
      require(blockSize <= size, named, "is more than the size " + size);
    }
    for (int depth : depths) {
      require(depth >= 1 && depth <= MAX_DEPTH, "the depth " + depth, "is not in 1.." + MAX_DEPTH);
    }
    for (int count : queues) {
      require(count >= 1 && count <= MAX_QUEUES, count + " queues", "is not in 1.." + MAX_QUEUES);
    }
    require(runs >= 1 && runs <= MAX_RUNS, runs + " runs", "is not in 1.." + MAX_RUNS);
    boolean empty =
        blockSizes.isEmpty() || depths.isEmpty() || queues.isEmpty() || operations.isEmpty();
    require(!empty, "a list", "is empty");
  }

  private static void require(boolean good, String what, String why) throws RequestException {
    if (!good) {
      throw new RequestException(
          ErrorCode.INVALID_REQUEST, "benchmark", what + " " + why, "choose another");
    }
  }

  /** Collects a plan. What is in a list twice counts once. Not thread-safe. */
  public static final class Builder {
    private long size = 1L << 30;
    private Collection<Integer> blockSizes = List.of(1 << 20);
    private Collection<Integer> depths = List.of(8);
    private Collection<Integer> queues = List.of(1, 2);
    private Collection<Operation> operations = EnumSet.allOf(Operation.class);
    private int runs = 3;
    private boolean warmUp = true;

    private Builder() {}

    /** Sets {@link BenchmarkPlan#size()}: a multiple of 4096. */
    public Builder size(long bytes) {
      size = bytes;
      return this;
    }

    /** Sets the sizes of requests in bytes: multiples of 4096, none more than the size. */
    public Builder blockSizes(Collection<Integer> bytes) {
      blockSizes = List.copyOf(bytes);
      return this;
    }

    /** Sets how many requests each queue keeps in flight: 1 to 4096. */
    public Builder depths(Collection<Integer> values) {
      depths = List.copyOf(values);
      return this;
    }

    /** Sets how many queues there are, each with a thread of its own: 1 to 1024. */
    public Builder queues(Collection<Integer> values) {
      queues = List.copyOf(values);
      return this;
    }

    /** Sets what is measured. */
    public Builder operations(Collection<Operation> values) {
      operations = List.copyOf(values);
      return this;
    }

    /** Sets {@link BenchmarkPlan#runs()}: 1 to 1000. */
    public Builder runs(int value) {
      runs = value;
      return this;
    }

    /** Sets {@link BenchmarkPlan#warmUp()}. */
    public Builder warmUp(boolean value) {
      warmUp = value;
      return this;
    }

    /**
     * Makes the plan.
     *
     * @throws RequestException INVALID_REQUEST if a value is out of its range
     */
    public BenchmarkPlan build() throws RequestException {
      BenchmarkPlan plan = new BenchmarkPlan(this);
      plan.require();
      return plan;
    }
  }
}
