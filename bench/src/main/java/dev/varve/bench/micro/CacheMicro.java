// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.micro;

import dev.varve.core.memory.MemoryBudget;
import dev.varve.lsm.cache.BlockCache;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** The block cache: a hit with its pin, and a miss that evicts. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class CacheMicro {
  private static final int BLOCK_BYTES = 4_080;

  /** How many blocks are cached, and asked for. */
  @Param({"100", "20000"})
  public int blocks;

  private BlockCache cache;

  /** Chooses blocks for one thread. */
  @State(Scope.Thread)
  public static class Chooser {
    private final SplittableRandom random = new SplittableRandom(1);
    private long fresh = Thread.currentThread().getId() << 40;
  }

  /** Fills the cache. */
  @Setup(Level.Iteration)
  public void fill() {
    cache = new BlockCache(new MemoryBudget(512 << 20), blocks * 6_000L + (8 << 20));
    for (int key = 0; key < blocks; key++) {
      load(key);
    }
  }

  /** Frees it. */
  @TearDown(Level.Iteration)
  public void free() {
    cache.close();
  }

  private long load(long key) {
    long block = cache.publish(cache.reserve(key, BLOCK_BYTES), key);
    cache.unpin(block);
    return block;
  }

  @Benchmark
  public int hit(Chooser chooser) {
    return hitAny(chooser);
  }

  @Benchmark
  @Threads(2)
  public int hitByTwo(Chooser chooser) {
    return hitAny(chooser);
  }

  private int hitAny(Chooser chooser) {
    long block = cache.pin(chooser.random.nextInt(blocks));
    if (block < 0) {
      throw new IllegalStateException("a block was evicted: the cache is too small");
    }
    int offset = cache.offset(block);
    cache.unpin(block);
    return offset;
  }

  @Benchmark
  public long missAndEvict(Chooser chooser) {
    return load(chooser.fresh++);
  }
}
