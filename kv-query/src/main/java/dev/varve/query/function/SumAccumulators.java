// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.Interval;
import dev.varve.query.vector.DoubleVector;
import dev.varve.query.vector.IntVector;
import dev.varve.query.vector.IntervalVector;
import dev.varve.query.vector.LongVector;
import dev.varve.query.vector.NumericVector;
import dev.varve.query.vector.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** sum and avg of whole numbers, floating-point numbers and intervals. */
final class SumAccumulators {
  private SumAccumulators() {}

  /** SMALLINT and INTEGER: sums fit a long. */
  static final class Ints extends Accumulator {
    private final boolean average;
    private long[] sums = {};
    private long[] counts = {};

    Ints(boolean average) {
      this.average = average;
    }

    @Override
    public void ensureGroups(int groups) {
      if (groups > sums.length) {
        int capacity = grown(sums.length, groups);
        sums = Arrays.copyOf(sums, capacity);
        counts = Arrays.copyOf(counts, capacity);
      }
    }

    @Override
    public void add(Vector[] arguments, int @Nullable [] selection, int count, int[] groups) {
      int[] values = ((IntVector) arguments[0]).values;
      boolean[] nulls = arguments[0].nulls;
      boolean hasNulls = arguments[0].hasNulls;
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (!hasNulls || !nulls[row]) {
          int group = groups[k];
          sums[group] += values[row];
          counts[group]++;
        }
      }
    }

    @Override
    public void addToOne(Vector[] arguments, int @Nullable [] selection, int count, int group) {
      int[] values = ((IntVector) arguments[0]).values;
      long sum = 0;
      int counted = count;
      if (arguments[0].hasNulls) {
        boolean[] nulls = arguments[0].nulls;
        for (int k = 0; k < count; k++) {
          int row = selection == null ? k : selection[k];
          sum += nulls[row] ? 0 : values[row];
          counted -= nulls[row] ? 1 : 0;
        }
      } else {
        for (int k = 0; k < count; k++) {
          sum += values[selection == null ? k : selection[k]];
        }
      }
      sums[group] += sum;
      counts[group] += counted;
    }

    @Override
    public boolean canRemove() {
      return true;
    }

    @Override
    public void remove(Vector[] arguments, int @Nullable [] selection, int count, int group) {
      long sum = sums[group];
      long seen = counts[group];
      addToOne(arguments, selection, count, group);
      sums[group] = 2 * sum - sums[group];
      counts[group] = 2 * seen - counts[group];
    }

    @Override
    public void results(int first, int count, Vector into) {
      for (int i = 0; i < count; i++) {
        int group = first + i;
        if (counts[group] == 0) {
          into.setNull(i);
        } else if (average) {
          ((NumericVector) into).set(i, average(BigDecimal.valueOf(sums[group]), counts[group]));
        } else {
          ((LongVector) into).set(i, sums[group]);
        }
      }
    }

    @Override
    public long sizeBytes() {
      return sums.length * 16L;
    }

    @Override
    public void clear() {
      Arrays.fill(sums, 0);
      Arrays.fill(counts, 0);
    }
  }

  static BigDecimal average(BigDecimal sum, long count) {
    return NumericMath.divide(sum, BigDecimal.valueOf(count));
  }

  /** BIGINT: sums in 128 bits. */
  static final class Longs extends Accumulator {
    private final boolean average;
    private long[] low = {};
    private long[] high = {};
    private long[] counts = {};

    Longs(boolean average) {
      this.average = average;
    }

    @Override
    public void ensureGroups(int groups) {
      if (groups > low.length) {
        int capacity = grown(low.length, groups);
        low = Arrays.copyOf(low, capacity);
        high = Arrays.copyOf(high, capacity);
        counts = Arrays.copyOf(counts, capacity);
      }
    }

    @Override
    public void add(Vector[] arguments, int @Nullable [] selection, int count, int[] groups) {
      long[] values = ((LongVector) arguments[0]).values;
      boolean[] nulls = arguments[0].nulls;
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (!nulls[row]) {
          int group = groups[k];
          long value = values[row];
          long sum = low[group] + value;
          high[group] += (value >> 63) + (Long.compareUnsigned(sum, value) < 0 ? 1 : 0);
          low[group] = sum;
          counts[group]++;
        }
      }
    }

    @Override
    public boolean canRemove() {
      return true;
    }

    @Override
    public void remove(Vector[] arguments, int @Nullable [] selection, int count, int group) {
      long[] values = ((LongVector) arguments[0]).values;
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (!arguments[0].nulls[row]) {
          long value = values[row];
          long borrow = Long.compareUnsigned(low[group], value) < 0 ? 1 : 0;
          low[group] -= value;
          high[group] -= (value >> 63) + borrow;
          counts[group]--;
        }
      }
    }

    @Override
    public void results(int first, int count, Vector into) {
      NumericVector out = (NumericVector) into;
      for (int i = 0; i < count; i++) {
        int group = first + i;
        if (counts[group] == 0) {
          into.setNull(i);
        } else if (average) {
          out.set(i, average(new BigDecimal(sum(high[group], low[group])), counts[group]));
        } else if (high[group] == low[group] >> 63) {
          out.set(i, low[group], 0);
        } else {
          out.set(i, new BigDecimal(sum(high[group], low[group])));
        }
      }
    }

    @Override
    public long sizeBytes() {
      return low.length * 24L;
    }

    @Override
    public void clear() {
      Arrays.fill(low, 0);
      Arrays.fill(high, 0);
      Arrays.fill(counts, 0);
    }
  }

  /** The number that two longs make. */
  static BigInteger sum(long high, long low) {
    BigInteger unsigned =
        BigInteger.valueOf(low >>> 1).shiftLeft(1).or(BigInteger.valueOf(low & 1));
    return BigInteger.valueOf(high).shiftLeft(64).add(unsigned);
  }

  /** REAL, rounded at every step, and DOUBLE PRECISION. */
  static final class Doubles extends Accumulator {
    private final boolean isReal;
    private final boolean average;
    private double[] sums = {};
    private long[] counts = {};

    Doubles(boolean isReal, boolean average) {
      this.isReal = isReal && !average;
      this.average = average;
    }

    @Override
    public void ensureGroups(int groups) {
      if (groups > sums.length) {
        int capacity = grown(sums.length, groups);
        sums = Arrays.copyOf(sums, capacity);
        counts = Arrays.copyOf(counts, capacity);
      }
    }

    @Override
    public void add(Vector[] arguments, int @Nullable [] selection, int count, int[] groups) {
      double[] values = ((DoubleVector) arguments[0]).values;
      boolean[] nulls = arguments[0].nulls;
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (!nulls[row]) {
          int group = groups[k];
          double sum = sums[group] + values[row];
          if (isReal) {
            sum = (float) sum;
          }
          if (Double.isInfinite(sum)) {
            FloatOperators.checked(
                sum, !Double.isInfinite(sums[group]) && !Double.isInfinite(values[row]));
          }
          sums[group] = sum;
          counts[group]++;
        }
      }
    }

    @Override
    public void results(int first, int count, Vector into) {
      for (int i = 0; i < count; i++) {
        int group = first + i;
        if (counts[group] == 0) {
          into.setNull(i);
        } else {
          ((DoubleVector) into).set(i, average ? sums[group] / counts[group] : sums[group]);
        }
      }
    }

    @Override
    public long sizeBytes() {
      return sums.length * 16L;
    }

    @Override
    public void clear() {
      Arrays.fill(sums, 0);
      Arrays.fill(counts, 0);
    }
  }

  /** INTERVAL. */
  static final class Intervals extends Accumulator {
    private final boolean average;
    private Interval[] sums = {};
    private long[] counts = {};

    Intervals(boolean average) {
      this.average = average;
    }

    @Override
    public void ensureGroups(int groups) {
      if (groups > sums.length) {
        int capacity = grown(sums.length, groups);
        sums = Arrays.copyOf(sums, capacity);
        counts = Arrays.copyOf(counts, capacity);
      }
    }

    @Override
    public void add(Vector[] arguments, int @Nullable [] selection, int count, int[] groups) {
      IntervalVector in = (IntervalVector) arguments[0];
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (!in.nulls[row]) {
          int group = groups[k];
          Interval value = new Interval(in.months[row], in.days[row], in.micros[row]);
          sums[group] = counts[group] == 0 ? value : DateTimeOperators.sum(sums[group], value);
          counts[group]++;
        }
      }
    }

    @Override
    public void results(int first, int count, Vector into) {
      for (int i = 0; i < count; i++) {
        int group = first + i;
        if (counts[group] == 0) {
          into.setNull(i);
        } else {
          Interval sum = sums[group];
          into.setDatum(i, average ? DateTimeOperators.divided(sum, counts[group]) : sum);
        }
      }
    }

    @Override
    public long sizeBytes() {
      return sums.length * 40L;
    }

    @Override
    public void clear() {
      Arrays.fill(sums, null);
      Arrays.fill(counts, 0);
    }
  }
}
