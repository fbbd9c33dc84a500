// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.Interval;
import dev.varve.query.expression.EvaluationContext;
import dev.varve.query.type.NumericSpecial;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.BooleanVector;
import dev.varve.query.vector.BytesVector;
import dev.varve.query.vector.DoubleVector;
import dev.varve.query.vector.IntVector;
import dev.varve.query.vector.IntervalVector;
import dev.varve.query.vector.LongVector;
import dev.varve.query.vector.NumericVector;
import dev.varve.query.vector.UuidVector;
import dev.varve.query.vector.Vector;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The arguments and the result of a function in one row; moved from row to row, not allocated. */
final class Cells {
  private final EvaluationContext context;
  private final Vector[] arguments;
  private final Vector result;
  private int row;
  private @Nullable Object memo;
  private @Nullable Object memoKey;
  private byte[] memoBytes = {};

  Cells(EvaluationContext context, Vector[] arguments, Vector result) {
    this.context = context;
    this.arguments = arguments;
    this.result = result;
  }

  void moveTo(int toRow) {
    row = toRow;
  }

  /** What the function may ask of the execution. */
  EvaluationContext context() {
    return context;
  }

  int row() {
    return row;
  }

  int count() {
    return arguments.length;
  }

  SqlType type(int argument) {
    return arguments[argument].type();
  }

  SqlType resultType() {
    return result.type();
  }

  boolean isNull(int argument) {
    return arguments[argument].nulls[row];
  }

  boolean bool(int argument) {
    return ((BooleanVector) arguments[argument]).values[row];
  }

  int integer(int argument) {
    return ((IntVector) arguments[argument]).values[row];
  }

  long bigint(int argument) {
    return ((LongVector) arguments[argument]).values[row];
  }

  double real(int argument) {
    return ((DoubleVector) arguments[argument]).values[row];
  }

  NumericVector numerics(int argument) {
    return (NumericVector) arguments[argument];
  }

  boolean isFinite(int argument) {
    return numerics(argument).isFinite(row);
  }

  BigDecimal numeric(int argument) {
    return numerics(argument).decimal(row);
  }

  NumericSpecial special(int argument) {
    return numerics(argument).special(row);
  }

  String text(int argument) {
    return bytes(argument).text(row);
  }

  BytesVector bytes(int argument) {
    return (BytesVector) arguments[argument];
  }

  int offset(int argument) {
    return bytes(argument).offsets[row];
  }

  int length(int argument) {
    return bytes(argument).lengths[row];
  }

  IntervalVector intervals(int argument) {
    return (IntervalVector) arguments[argument];
  }

  Interval interval(int argument) {
    IntervalVector vector = intervals(argument);
    return new Interval(vector.months[row], vector.days[row], vector.micros[row]);
  }

  UuidVector uuids(int argument) {
    return (UuidVector) arguments[argument];
  }

  Vector vector(int argument) {
    return arguments[argument];
  }

  @Nullable Object datum(int argument) {
    return arguments[argument].datum(row);
  }

  void set(boolean value) {
    ((BooleanVector) result).set(row, value);
  }

  void set(int value) {
    ((IntVector) result).set(row, value);
  }

  void set(long value) {
    ((LongVector) result).set(row, value);
  }

  void set(double value) {
    ((DoubleVector) result).set(row, value);
  }

  void set(BigDecimal value) {
    ((NumericVector) result).set(row, value);
  }

  void set(NumericSpecial value) {
    ((NumericVector) result).set(row, value);
  }

  void setNumeric(long digits, int scale) {
    ((NumericVector) result).set(row, digits, scale);
  }

  void set(String value) {
    ((BytesVector) result).set(row, value);
  }

  void set(byte[] bytes, int offset, int length) {
    ((BytesVector) result).set(row, bytes, offset, length);
  }

  void set(byte[] bytes) {
    ((BytesVector) result).set(row, bytes);
  }

  BytesVector resultBytes() {
    return (BytesVector) result;
  }

  void set(Interval value) {
    ((IntervalVector) result).set(row, value.months(), value.days(), value.micros());
  }

  void set(int months, int days, long micros) {
    ((IntervalVector) result).set(row, months, days, micros);
  }

  void setUuid(long high, long low) {
    ((UuidVector) result).set(row, high, low);
  }

  void setNull() {
    result.setNull(row);
  }

  void copy(int argument) {
    result.copy(row, arguments[argument], row);
  }

  /**
   * What {@code make} returns for {@code key}, kept until it is asked for another key: for patterns
   * and formats, which are mostly the same in all rows.
   */
  @SuppressWarnings("unchecked")
  <K, T> T memo(K key, java.util.function.Function<K, T> make) {
    if (!key.equals(memoKey)) {
      memo = make.apply(key);
      memoKey = key;
    }
    return (T) java.util.Objects.requireNonNull(memo);
  }

  /**
   * What {@code make} returns for the text of an argument, kept as long as the argument's bytes and
   * {@code option} stay the same; asking costs a comparison of bytes and allocates nothing.
   */
  @SuppressWarnings("unchecked")
  <T> T samePattern(int argument, String option, java.util.function.Function<String, T> make) {
    BytesVector vector = bytes(argument);
    int at = vector.offsets[row];
    int length = vector.lengths[row];
    if (memo == null
        || !option.equals(memoKey)
        || !java.util.Arrays.equals(
            memoBytes, 0, memoBytes.length, vector.bytes, at, at + length)) {
      memo = make.apply(vector.text(row));
      memoKey = option;
      memoBytes = vector.copyOf(row);
    }
    return (T) java.util.Objects.requireNonNull(memo);
  }
}
