// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.workload;

/** Scrambles numbers: the finalizer of SplitMix64. */
final class Mix {
  private Mix() {}

  static long mix(long value) {
    long z = value;
    z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
    return z ^ z >>> 31;
  }
}
