// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.workload;

/** Draws entry numbers, uniformly or by Zipf's law as YCSB does (theta 0.99, scrambled). */
final class Draw {
  private static final double THETA = 0.99;

  private final long entries;
  private final boolean zipfian;
  private double zeta;
  private double alpha;
  private double eta;
  private double halfPowTheta;
  private long state;

  Draw(long entries, boolean zipfian, long seed) {
    this.entries = entries;
    this.zipfian = zipfian;
    this.state = Mix.mix(seed + 1);
    if (zipfian) {
      zeta = zeta(entries);
      alpha = 1 / (1 - THETA);
      halfPowTheta = 1 + Math.pow(0.5, THETA);
      eta = (1 - Math.pow(2.0 / entries, 1 - THETA)) / (1 - zeta(2) / zeta);
    }
  }

  private static double zeta(long n) {
    double sum = 0;
    for (long i = 1; i <= n; i++) {
      sum += 1 / Math.pow(i, THETA);
    }
    return sum;
  }

  /** Any number. */
  long random() {
    state += 0x9E37_79B9_7F4A_7C15L;
    return Mix.mix(state);
  }

  /** A number from 0 to {@code bound} - 1. */
  long below(long bound) {
    return (random() >>> 1) % bound;
  }

  /** The number of an entry. */
  long entry() {
    return zipfian ? (Mix.mix(rank()) >>> 1) % entries : below(entries);
  }

  /** By Zipf's law, 0 the most frequent; not scrambled. */
  long rank() {
    double u = (random() >>> 11) * 0x1.0p-53;
    double uz = u * zeta;
    if (uz < 1) {
      return 0;
    }
    if (uz < halfPowTheta) {
      return 1;
    }
    return Math.min(entries - 1, (long) (entries * Math.pow(eta * u - eta + 1, alpha)));
  }
}
