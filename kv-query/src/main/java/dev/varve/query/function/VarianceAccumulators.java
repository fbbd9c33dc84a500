// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.vector.DoubleVector;
import dev.varve.query.vector.NumericVector;
import dev.varve.query.vector.Vector;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** variance and stddev: exact for NUMERIC, by Youngs and Cramer's updates for floating point. */
final class VarianceAccumulators {
  private VarianceAccumulators() {}

  /** Which of the four functions. */
  record Kind(boolean isSample, boolean isDeviation) {}

  /** Of DOUBLE PRECISION. */
  static final class Doubles extends Accumulator {
    private final Kind kind;
    private double[] counts = {};
    private double[] sums = {};
    private double[] squares = {};

    Doubles(Kind kind) {
      this.kind = kind;
    }

    @Override
    public void ensureGroups(int groups) {
      if (groups > sums.length) {
        int capacity = grown(sums.length, groups);
        counts = Arrays.copyOf(counts, capacity);
        sums = Arrays.copyOf(sums, capacity);
        squares = Arrays.copyOf(squares, capacity);
      }
    }

    @Override
    public void add(Vector[] arguments, int @Nullable [] selection, int count, int[] groups) {
      DoubleVector in = (DoubleVector) arguments[0];
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (!in.nulls[row]) {
          add(groups[k], in.values[row]);
        }
      }
    }

    private void add(int group, double value) {
      double n = ++counts[group];
      sums[group] += value;
      if (n > 1) {
        double deviation = value * n - sums[group];
        squares[group] += deviation * deviation / (n * (n - 1));
      } else if (Double.isNaN(value) || Double.isInfinite(value)) {
        squares[group] = Double.NaN;
      }
      if (Double.isInfinite(squares[group]) || Double.isInfinite(sums[group])) {
        FloatOperators.checked(squares[group], !Double.isInfinite(value));
        squares[group] = Double.NaN;
      }
    }

    @Override
    public void results(int first, int count, Vector into) {
      for (int i = 0; i < count; i++) {
        double n = counts[first + i];
        if (n < (kind.isSample() ? 2 : 1)) {
          into.setNull(i);
        } else {
          double variance = squares[first + i] / (kind.isSample() ? n - 1 : n);
          ((DoubleVector) into).set(i, kind.isDeviation() ? Math.sqrt(variance) : variance);
        }
      }
    }

    @Override
    public long sizeBytes() {
      return sums.length * 24L;
    }

    @Override
    public void clear() {
      Arrays.fill(counts, 0);
      Arrays.fill(sums, 0);
      Arrays.fill(squares, 0);
    }
  }

  /** Of NUMERIC, and of whole numbers converted to it. */
  static final class Numerics extends Accumulator {
    private final Kind kind;
    private long[] counts = {};
    private BigDecimal[] sums = {};
    private BigDecimal[] squares = {};
    private boolean[] notNumbers = {};

    Numerics(Kind kind) {
      this.kind = kind;
    }

    @Override
    public void ensureGroups(int groups) {
      if (groups > sums.length) {
        int from = sums.length;
        int capacity = grown(sums.length, groups);
        counts = Arrays.copyOf(counts, capacity);
        sums = Arrays.copyOf(sums, capacity);
        squares = Arrays.copyOf(squares, capacity);
        notNumbers = Arrays.copyOf(notNumbers, capacity);
        Arrays.fill(sums, from, capacity, BigDecimal.ZERO);
        Arrays.fill(squares, from, capacity, BigDecimal.ZERO);
      }
    }

    @Override
    public void add(Vector[] arguments, int @Nullable [] selection, int count, int[] groups) {
      NumericVector in = (NumericVector) arguments[0];
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (!in.nulls[row]) {
          int group = groups[k];
          counts[group]++;
          if (in.isFinite(row)) {
            BigDecimal value = in.decimal(row);
            sums[group] = sums[group].add(value);
            squares[group] = squares[group].add(value.multiply(value));
          } else {
            notNumbers[group] = true;
          }
        }
      }
    }

    @Override
    public void results(int first, int count, Vector into) {
      NumericVector out = (NumericVector) into;
      for (int i = 0; i < count; i++) {
        int group = first + i;
        if (counts[group] < (kind.isSample() ? 2 : 1)) {
          into.setNull(i);
        } else if (notNumbers[group]) {
          out.set(i, dev.varve.query.type.NumericSpecial.NAN);
        } else {
          out.set(i, result(group));
        }
      }
    }

    private BigDecimal result(int group) {
      BigDecimal n = BigDecimal.valueOf(counts[group]);
      BigDecimal numerator = n.multiply(squares[group]).subtract(sums[group].multiply(sums[group]));
      if (numerator.signum() <= 0) {
        return BigDecimal.ZERO;
      }
      BigDecimal divisor = kind.isSample() ? n.multiply(n.subtract(BigDecimal.ONE)) : n.multiply(n);
      BigDecimal variance = NumericMath.divide(numerator, divisor);
      if (!kind.isDeviation()) {
        return variance;
      }
      int scale = variance.scale();
      int digits = Math.max(variance.precision() - scale, 0) / 2 + scale + 6;
      return variance
          .sqrt(new MathContext(digits, RoundingMode.DOWN))
          .setScale(scale, RoundingMode.HALF_UP);
    }

    @Override
    public long sizeBytes() {
      return sums.length * 120L;
    }

    @Override
    public void clear() {
      Arrays.fill(counts, 0);
      Arrays.fill(sums, BigDecimal.ZERO);
      Arrays.fill(squares, BigDecimal.ZERO);
      Arrays.fill(notNumbers, false);
    }
  }
}
