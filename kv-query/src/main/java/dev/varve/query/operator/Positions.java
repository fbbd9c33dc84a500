// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

/** Runs of consecutive row numbers. */
final class Positions {
  private Positions() {}

  /** {@code from, from + 1 ..}, {@code count} of them. */
  static int[] from(int from, int count) {
    int[] positions = new int[count];
    for (int k = 0; k < count; k++) {
      positions[k] = from + k;
    }
    return positions;
  }
}
