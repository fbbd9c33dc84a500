// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.BooleanVector;
import dev.varve.query.vector.IntVector;
import dev.varve.query.vector.LongVector;
import dev.varve.query.vector.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** bool_and, bool_or, every; bit_and, bit_or, bit_xor. */
final class LogicAccumulators {
  private LogicAccumulators() {}

  /** bool_and and bool_or. */
  static final class Booleans extends Accumulator {
    private final boolean isAnd;
    private boolean[] values = {};
    private boolean[] seen = {};

    Booleans(boolean isAnd) {
      this.isAnd = isAnd;
    }

    @Override
    public void ensureGroups(int groups) {
      if (groups > values.length) {
        int capacity = grown(values.length, groups);
        values = Arrays.copyOf(values, capacity);
        seen = Arrays.copyOf(seen, capacity);
      }
    }

    @Override
    public void add(Vector[] arguments, int @Nullable [] selection, int count, int[] groups) {
      BooleanVector in = (BooleanVector) arguments[0];
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (!in.nulls[row]) {
          int group = groups[k];
          boolean value = in.values[row];
          values[group] =
              !seen[group] ? value : isAnd ? values[group] & value : values[group] | value;
          seen[group] = true;
        }
      }
    }

    @Override
    public void results(int first, int count, Vector into) {
      for (int i = 0; i < count; i++) {
        if (seen[first + i]) {
          ((BooleanVector) into).set(i, values[first + i]);
        } else {
          into.setNull(i);
        }
      }
    }

    @Override
    public long sizeBytes() {
      return values.length * 2L;
    }

    @Override
    public void clear() {
      Arrays.fill(seen, false);
    }
  }

  /** bit_and ('&'), bit_or ('|') and bit_xor ('#') of whole numbers. */
  static final class Bits extends Accumulator {
    private final boolean isInt;
    private final char operator;
    private long[] values = {};
    private boolean[] seen = {};

    Bits(SqlType type, char operator) {
      this.isInt = type.kind() != dev.varve.query.type.TypeKind.BIGINT;
      this.operator = operator;
    }

    @Override
    public void ensureGroups(int groups) {
      if (groups > values.length) {
        int capacity = grown(values.length, groups);
        values = Arrays.copyOf(values, capacity);
        seen = Arrays.copyOf(seen, capacity);
      }
    }

    @Override
    public void add(Vector[] arguments, int @Nullable [] selection, int count, int[] groups) {
      Vector in = arguments[0];
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (!in.nulls[row]) {
          int group = groups[k];
          long value = isInt ? ((IntVector) in).values[row] : ((LongVector) in).values[row];
          values[group] =
              !seen[group]
                  ? value
                  : switch (operator) {
                    case '&' -> values[group] & value;
                    case '|' -> values[group] | value;
                    default -> values[group] ^ value;
                  };
          seen[group] = true;
        }
      }
    }

    @Override
    public void results(int first, int count, Vector into) {
      for (int i = 0; i < count; i++) {
        if (!seen[first + i]) {
          into.setNull(i);
        } else if (isInt) {
          ((IntVector) into).set(i, (int) values[first + i]);
        } else {
          ((LongVector) into).set(i, values[first + i]);
        }
      }
    }

    @Override
    public long sizeBytes() {
      return values.length * 9L;
    }

    @Override
    public void clear() {
      Arrays.fill(seen, false);
    }
  }
}
