// SPDX-License-Identifier: Apache-2.0
package dev.varve.testkit;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Seeded randomness. A test prints the seed when it fails; {@code -Dvarve.seed=N} runs it again with
 * the same one.
 */
public final class Seed {
  private static final String PROPERTY = "varve.seed";

  private Seed() {}

  /** The seed given by {@code -Dvarve.seed}, or a fresh one. */
  public static long pick() {
    String given = System.getProperty(PROPERTY);
    return given == null ? System.nanoTime() ^ 0x9E37_79B9_7F4A_7C15L : Long.decode(given);
  }

  /** A generator for {@code seed}; the same numbers on every JDK. */
  public static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(seed);
  }

  /** Runs {@code body} with a picked seed, and names the seed when it fails. */
  public static void run(Body body) {
    run(pick(), body);
  }

  /** Runs {@code body} with {@code seed}, and names the seed when it fails. */
  public static void run(long seed, Body body) {
    try {
      body.run(seed, random(seed));
    } catch (Throwable failure) {
      throw new AssertionError(
          "failed with seed " + seed + "; run again with -D" + PROPERTY + "=" + seed, failure);
    }
  }

  /** What to run. */
  @FunctionalInterface
  public interface Body {
    /** Runs with the generator for {@code seed}. */
    void run(long seed, RandomGenerator random) throws Exception;
  }
}
