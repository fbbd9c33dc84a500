// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.BytesVector;
import dev.varve.query.vector.DoubleVector;
import dev.varve.query.vector.IntVector;
import dev.varve.query.vector.LongVector;
import dev.varve.query.vector.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** min and max. */
final class ExtremeAccumulators {
  private ExtremeAccumulators() {}

  static Accumulator of(SqlType type, boolean isMax) {
    return switch (type.kind().storage()) {
      case INT -> new Ints(isMax);
      case LONG -> new Longs(isMax);
      case DOUBLE -> new Doubles(isMax);
      case BYTES -> new Texts(isMax);
      default -> new Any(type, isMax);
    };
  }

  private static final class Ints extends Accumulator {
    private final boolean isMax;
    private int[] values = {};
    private boolean[] seen = {};

    Ints(boolean isMax) {
      this.isMax = isMax;
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
      int[] in = ((IntVector) arguments[0]).values;
      boolean[] nulls = arguments[0].nulls;
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (!nulls[row]) {
          int group = groups[k];
          int value = in[row];
          int best = values[group];
          values[group] =
              !seen[group] ? value : isMax ? Math.max(best, value) : Math.min(best, value);
          seen[group] = true;
        }
      }
    }

    @Override
    public void results(int first, int count, Vector into) {
      for (int i = 0; i < count; i++) {
        if (seen[first + i]) {
          ((IntVector) into).set(i, values[first + i]);
        } else {
          into.setNull(i);
        }
      }
    }

    @Override
    public long sizeBytes() {
      return values.length * 5L;
    }

    @Override
    public void clear() {
      Arrays.fill(seen, false);
    }
  }

  private static final class Longs extends Accumulator {
    private final boolean isMax;
    private long[] values = {};
    private boolean[] seen = {};

    Longs(boolean isMax) {
      this.isMax = isMax;
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
      long[] in = ((LongVector) arguments[0]).values;
      boolean[] nulls = arguments[0].nulls;
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (!nulls[row]) {
          int group = groups[k];
          long value = in[row];
          long best = values[group];
          values[group] =
              !seen[group] ? value : isMax ? Math.max(best, value) : Math.min(best, value);
          seen[group] = true;
        }
      }
    }

    @Override
    public void results(int first, int count, Vector into) {
      for (int i = 0; i < count; i++) {
        if (seen[first + i]) {
          ((LongVector) into).set(i, values[first + i]);
        } else {
          into.setNull(i);
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

  private static final class Doubles extends Accumulator {
    private final boolean isMax;
    private double[] values = {};
    private boolean[] seen = {};

    Doubles(boolean isMax) {
      this.isMax = isMax;
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
      double[] in = ((DoubleVector) arguments[0]).values;
      boolean[] nulls = arguments[0].nulls;
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (!nulls[row]) {
          int group = groups[k];
          int order = seen[group] ? DoubleVector.compare(in[row], values[group]) : 0;
          if (!seen[group] || (isMax ? order > 0 : order < 0)) {
            values[group] = in[row];
            seen[group] = true;
          }
        }
      }
    }

    @Override
    public void results(int first, int count, Vector into) {
      for (int i = 0; i < count; i++) {
        if (seen[first + i]) {
          ((DoubleVector) into).set(i, values[first + i]);
        } else {
          into.setNull(i);
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

  private static final class Texts extends Accumulator {
    private final boolean isMax;
    private byte @Nullable [][] values = {};
    private long textBytes;

    Texts(boolean isMax) {
      this.isMax = isMax;
    }

    @Override
    public void ensureGroups(int groups) {
      if (groups > values.length) {
        values = Arrays.copyOf(values, grown(values.length, groups));
      }
    }

    @Override
    public void add(Vector[] arguments, int @Nullable [] selection, int count, int[] groups) {
      BytesVector in = (BytesVector) arguments[0];
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        if (!in.nulls[row]) {
          int group = groups[k];
          byte[] best = values[group];
          int at = in.offsets[row];
          int end = at + in.lengths[row];
          int order =
              best == null ? 0 : Arrays.compareUnsigned(in.bytes, at, end, best, 0, best.length);
          if (best == null || (isMax ? order > 0 : order < 0)) {
            values[group] = Arrays.copyOfRange(in.bytes, at, end);
            textBytes += end - at + 16 - (best == null ? 0 : best.length + 16);
          }
        }
      }
    }

    @Override
    public void results(int first, int count, Vector into) {
      for (int i = 0; i < count; i++) {
        byte[] value = values[first + i];
        if (value == null) {
          into.setNull(i);
        } else {
          ((BytesVector) into).set(i, value);
        }
      }
    }

    @Override
    public long sizeBytes() {
      return values.length * 4L + textBytes;
    }

    @Override
    public void clear() {
      Arrays.fill(values, null);
      textBytes = 0;
    }
  }

  private static final class Any extends Accumulator {
    private final int sign;
    private final Vector values;
    private boolean[] seen = {};

    Any(SqlType type, boolean isMax) {
      this.sign = isMax ? 1 : -1;
      this.values = Vector.allocate(type, 0);
    }

    @Override
    public void ensureGroups(int groups) {
      if (groups > seen.length) {
        seen = Arrays.copyOf(seen, grown(seen.length, groups));
        values.ensureCapacity(seen.length);
      }
    }

    @Override
    public void add(Vector[] arguments, int @Nullable [] selection, int count, int[] groups) {
      Vector in = arguments[0];
      for (int k = 0; k < count; k++) {
        int row = selection == null ? k : selection[k];
        int group = groups[k];
        if (!in.nulls[row] && (!seen[group] || in.compare(row, values, group) * sign > 0)) {
          values.copy(group, in, row);
          seen[group] = true;
        }
      }
    }

    @Override
    public void results(int first, int count, Vector into) {
      for (int i = 0; i < count; i++) {
        if (seen[first + i]) {
          into.copy(i, values, first + i);
        } else {
          into.setNull(i);
        }
      }
    }

    @Override
    public long sizeBytes() {
      return values.sizeBytes();
    }

    @Override
    public void clear() {
      Arrays.fill(seen, false);
    }
  }
}
