// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.vector.DoubleVector;
import dev.varve.query.vector.LongVector;
import dev.varve.query.vector.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** corr, covar and the regr functions of two columns, dependent first, by Youngs and Cramer's updates. */
final class RegressionAccumulator extends Accumulator {
  private static final int N = 0;
  private static final int SX = 1;
  private static final int SXX = 2;
  private static final int SY = 3;
  private static final int SYY = 4;
  private static final int SXY = 5;
  private static final int WIDTH = 6;

  /** Computes a result from the state that begins at an index; NaN with {@code isNull} is NULL. */
  private interface Result {
    double of(double[] state, int at);
  }

  private static final double NULL = Double.longBitsToDouble(0x7ff8_0000_0000_0042L);

  private final Result result;
  private double[] state = {};

  RegressionAccumulator(String name) {
    this.result =
        switch (name) {
          case "regr_count" -> (s, at) -> s[at + N];
          case "regr_sxx" -> (s, at) -> some(s, at, s[at + SXX]);
          case "regr_syy" -> (s, at) -> some(s, at, s[at + SYY]);
          case "regr_sxy" -> (s, at) -> some(s, at, s[at + SXY]);
          case "regr_avgx" -> (s, at) -> some(s, at, s[at + SX] / s[at + N]);
          case "regr_avgy" -> (s, at) -> some(s, at, s[at + SY] / s[at + N]);
          case "covar_pop" -> (s, at) -> some(s, at, s[at + SXY] / s[at + N]);
          case "covar_samp" -> (s, at) -> s[at + N] < 2 ? NULL : s[at + SXY] / (s[at + N] - 1);
          case "corr" -> RegressionAccumulator::correlation;
          case "regr_r2" -> RegressionAccumulator::determination;
          case "regr_slope" ->
              (s, at) -> some(s, at, s[at + SXX] == 0 ? NULL : s[at + SXY] / s[at + SXX]);
          default -> RegressionAccumulator::intercept;
        };
  }

  private static double some(double[] s, int at, double value) {
    return s[at + N] < 1 ? NULL : value;
  }

  private static double correlation(double[] s, int at) {
    return s[at + N] < 1 || s[at + SXX] == 0 || s[at + SYY] == 0
        ? NULL
        : s[at + SXY] / Math.sqrt(s[at + SXX] * s[at + SYY]);
  }

  private static double determination(double[] s, int at) {
    if (s[at + N] < 1 || s[at + SXX] == 0) {
      return NULL;
    }
    return s[at + SYY] == 0 ? 1 : s[at + SXY] * s[at + SXY] / (s[at + SXX] * s[at + SYY]);
  }

  private static double intercept(double[] s, int at) {
    return s[at + N] < 1 || s[at + SXX] == 0
        ? NULL
        : (s[at + SY] - s[at + SX] * s[at + SXY] / s[at + SXX]) / s[at + N];
  }

  @Override
  public void ensureGroups(int groups) {
    if (groups * WIDTH > state.length) {
      state = Arrays.copyOf(state, grown(state.length, groups * WIDTH));
    }
  }

  @Override
  public void add(Vector[] arguments, int @Nullable [] selection, int count, int[] groups) {
    DoubleVector ys = (DoubleVector) arguments[0];
    DoubleVector xs = (DoubleVector) arguments[1];
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      if (!ys.nulls[row] && !xs.nulls[row]) {
        add(groups[k] * WIDTH, ys.values[row], xs.values[row]);
      }
    }
  }

  private void add(int at, double y, double x) {
    double n = ++state[at + N];
    state[at + SX] += x;
    state[at + SY] += y;
    if (n > 1) {
      double dx = x * n - state[at + SX];
      double dy = y * n - state[at + SY];
      double scale = 1 / (n * (n - 1));
      state[at + SXX] += dx * dx * scale;
      state[at + SYY] += dy * dy * scale;
      state[at + SXY] += dx * dy * scale;
    } else if (Double.isNaN(x * 0) || Double.isNaN(y * 0)) {
      state[at + SXX] = Double.isNaN(x * 0) ? Double.NaN : 0;
      state[at + SYY] = Double.isNaN(y * 0) ? Double.NaN : 0;
      state[at + SXY] = Double.NaN;
    }
  }

  @Override
  public void results(int first, int count, Vector into) {
    for (int i = 0; i < count; i++) {
      double value = result.of(state, (first + i) * WIDTH);
      if (Double.doubleToRawLongBits(value) == Double.doubleToRawLongBits(NULL)) {
        into.setNull(i);
      } else if (into instanceof LongVector longs) {
        longs.set(i, (long) value);
      } else {
        ((DoubleVector) into).set(i, value);
      }
    }
  }

  @Override
  public long sizeBytes() {
    return state.length * 8L;
  }

  @Override
  public void clear() {
    Arrays.fill(state, 0);
  }
}
