// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.micro;

import dev.varve.lsm.filter.Filter;
import dev.varve.lsm.filter.FilterBuilder;
import dev.varve.lsm.filter.FilterFormat;
import dev.varve.lsm.filter.KeyHash;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The filter: hashing a key, and asking a filter over a million keys. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class FilterMicro {
  private static final int ENTRIES = 1_000_000;
  private static final int BITS_PER_KEY = 10;

  private final SplittableRandom random = new SplittableRandom(1);
  private MicroKeys keys;
  private ByteBuffer filter;
  private int lines;

  /** Builds the filter. */
  @Setup
  public void build() {
    keys = new MicroKeys(ENTRIES);
    FilterBuilder builder = new FilterBuilder(BITS_PER_KEY);
    for (int i = 0; i < ENTRIES; i++) {
      byte[] key = keys.get(i);
      builder.add(KeyHash.of(key, 0, key.length));
    }
    lines = builder.lines();
    filter = ByteBuffer.allocateDirect(lines * FilterFormat.LINE_BYTES);
    builder.build(filter, 0);
  }

  @Benchmark
  public long hash() {
    byte[] key = keys.get(random.nextInt(ENTRIES));
    return KeyHash.of(key, 0, key.length);
  }

  @Benchmark
  public boolean mayContain() {
    return Filter.mayContain(filter, 0, lines, random.nextLong());
  }
}
