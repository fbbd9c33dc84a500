// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.type.Conversions;
import dev.varve.query.type.NumericSpecial;
import dev.varve.query.vector.NumericVector;
import dev.varve.query.vector.Vector;
import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * sum and avg of NUMERIC. A group's sum is a long at the group's scale, plus a {@link BigDecimal} that
 * takes what does not fit; most groups never need one.
 */
final class NumericSum extends Accumulator {
  private static final int SEEN_NAN = 1;
  private static final int SEEN_INFINITY = 2;
  private static final int SEEN_NEGATIVE_INFINITY = 4;

  private final boolean average;
  private long[] sums = {};
  private short[] scales = {};
  private byte[] specials = {};
  private long[] counts = {};
  private @Nullable BigDecimal[] carried = {};

  NumericSum(boolean average) {
    this.average = average;
  }

  @Override
  public void ensureGroups(int groups) {
    if (groups > sums.length) {
      int capacity = grown(sums.length, groups);
      sums = Arrays.copyOf(sums, capacity);
      scales = Arrays.copyOf(scales, capacity);
      specials = Arrays.copyOf(specials, capacity);
      counts = Arrays.copyOf(counts, capacity);
      carried = Arrays.copyOf(carried, capacity);
    }
  }

  @Override
  public void add(Vector[] arguments, int @Nullable [] selection, int count, int[] groups) {
    NumericVector in = (NumericVector) arguments[0];
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      if (in.nulls[row]) {
        continue;
      }
      int group = groups[k];
      int scale = in.scales[row];
      counts[group]++;
      if (scale == scales[group]) {
        long value = in.unscaled[row];
        long sum = sums[group] + value;
        if (((sums[group] ^ sum) & (value ^ sum)) >= 0) {
          sums[group] = sum;
          continue;
        }
      }
      addSlowly(in, row, group);
    }
  }

  private void addSlowly(NumericVector in, int row, int group) {
    if (!in.isFinite(row)) {
      specials[group] |=
          switch (in.special(row)) {
            case NAN -> SEEN_NAN;
            case INFINITY -> SEEN_INFINITY;
            case NEGATIVE_INFINITY -> SEEN_NEGATIVE_INFINITY;
          };
      return;
    }
    int scale = in.scales[row];
    int more = scales[group] - scale;
    if (scale >= 0 && more > 0 && more <= 18) {
      long factor = Conversions.powerOfTen(more);
      long value = in.unscaled[row] * factor;
      long sum = sums[group] + value;
      if (Math.multiplyHigh(in.unscaled[row], factor) == value >> 63
          && ((sums[group] ^ sum) & (value ^ sum)) >= 0) {
        sums[group] = sum;
        return;
      }
    }
    carry(group, BigDecimal.valueOf(sums[group], scales[group]));
    sums[group] = 0;
    if (scale >= 0) {
      sums[group] = in.unscaled[row];
      scales[group] = (short) Math.max(scale, scales[group]);
      if (scale < scales[group]) {
        sums[group] = 0;
        carry(group, in.decimal(row));
      }
    } else {
      carry(group, in.decimal(row));
    }
  }

  private void carry(int group, BigDecimal value) {
    BigDecimal present = carried[group];
    carried[group] = present == null ? value : present.add(value);
  }

  private BigDecimal sum(int group) {
    BigDecimal rest = BigDecimal.valueOf(sums[group], scales[group]);
    BigDecimal present = carried[group];
    return present == null ? rest : present.add(rest);
  }

  @Override
  public void results(int first, int count, Vector into) {
    NumericVector out = (NumericVector) into;
    for (int i = 0; i < count; i++) {
      int group = first + i;
      if (counts[group] == 0) {
        into.setNull(i);
      } else if (specials[group] != 0) {
        out.set(i, special(specials[group]));
      } else if (average) {
        out.set(i, SumAccumulators.average(sum(group), counts[group]));
      } else if (carried[group] == null) {
        out.set(i, sums[group], scales[group]);
      } else {
        out.set(i, NumericMath.checked(sum(group)));
      }
    }
  }

  private static NumericSpecial special(int seen) {
    return switch (seen) {
      case SEEN_INFINITY -> NumericSpecial.INFINITY;
      case SEEN_NEGATIVE_INFINITY -> NumericSpecial.NEGATIVE_INFINITY;
      default -> NumericSpecial.NAN;
    };
  }

  @Override
  public long sizeBytes() {
    return sums.length * 27L;
  }

  @Override
  public void clear() {
    Arrays.fill(sums, 0);
    Arrays.fill(scales, (short) 0);
    Arrays.fill(specials, (byte) 0);
    Arrays.fill(counts, 0);
    Arrays.fill(carried, null);
  }
}
