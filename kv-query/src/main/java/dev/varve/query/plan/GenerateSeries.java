// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.ErrorCode;
import dev.varve.Interval;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code generate_series(start, stop [, step])}: the values from start to stop, inclusive, a step
 * apart.
 *
 * @param type INTEGER, BIGINT, NUMERIC, TIMESTAMP or TIMESTAMPTZ; the last in UTC
 */
public record GenerateSeries(SqlType type) implements TableFunction {
  private static final long UNKNOWN_ROWS = 1000;

  @Override
  public String name() {
    return "generate_series";
  }

  @Override
  public List<String> columnNames() {
    return List.of(name());
  }

  @Override
  public List<SqlType> columnTypes() {
    return List.of(type);
  }

  @Override
  public long estimatedRows(List<@Nullable Object> arguments) {
    Object start = arguments.get(0);
    Object stop = arguments.get(1);
    if (!type.kind().isInteger() || start == null || stop == null) {
      return UNKNOWN_ROWS;
    }
    Object step = arguments.size() < 3 ? Long.valueOf(1) : arguments.get(2);
    if (step == null || ((Number) step).longValue() == 0) {
      return UNKNOWN_ROWS;
    }
    double distance = ((Number) stop).doubleValue() - ((Number) start).doubleValue();
    return Math.max(0, (long) (distance / ((Number) step).doubleValue()) + 1);
  }

  @Override
  public Rows rows(List<@Nullable Object> arguments) {
    Object start = arguments.get(0);
    Object stop = arguments.get(1);
    Object step = arguments.size() > 2 ? arguments.get(2) : one();
    if (start == null || stop == null || step == null) {
      return batch -> 0;
    }
    return switch (type.kind()) {
      case INTEGER, BIGINT ->
          new Integers(
              ((Number) start).longValue(),
              ((Number) stop).longValue(),
              ((Number) step).longValue());
      case NUMERIC ->
          new Decimals(finite("Start", start), finite("Stop", stop), finite("Step", step));
      default -> new Times((Long) start, (Long) stop, (Interval) step);
    };
  }

  private static BigDecimal finite(String what, Object value) {
    if (value instanceof BigDecimal decimal) {
      return decimal;
    }
    throw ErrorCode.INVALID_ARGUMENT
        .error(what + (what.equals("Step") ? " size" : " value") + " cannot be " + value + ".")
        .build();
  }

  private Object one() {
    return type.kind().isInteger() ? (Object) 1L : BigDecimal.ONE;
  }

  private static dev.varve.VarveException zeroStep() {
    return ErrorCode.INVALID_ARGUMENT.error("Step size cannot equal zero.").build();
  }

  private static final class Integers implements Rows {
    private final long stop;
    private final long step;
    private long value;
    private boolean done;

    Integers(long start, long stop, long step) {
      if (step == 0) {
        throw zeroStep();
      }
      this.value = start;
      this.stop = stop;
      this.step = step;
    }

    @Override
    public int next(Batch batch) {
      Vector column = batch.column(0);
      int count = 0;
      while (count < Batch.CAPACITY && !done && (step > 0 ? value <= stop : value >= stop)) {
        if (column instanceof dev.varve.query.vector.IntVector ints) {
          ints.set(count++, (int) value);
        } else {
          ((dev.varve.query.vector.LongVector) column).set(count++, value);
        }
        long next = value + step;
        done = step > 0 ? next < value : next > value;
        value = next;
      }
      return count;
    }
  }

  private static final class Decimals implements Rows {
    private final BigDecimal stop;
    private final BigDecimal step;
    private BigDecimal value;

    Decimals(BigDecimal start, BigDecimal stop, BigDecimal step) {
      if (step.signum() == 0) {
        throw zeroStep();
      }
      this.value = start;
      this.stop = stop;
      this.step = step;
    }

    @Override
    public int next(Batch batch) {
      int count = 0;
      while (count < Batch.CAPACITY && value.compareTo(stop) * step.signum() <= 0) {
        batch.column(0).setDatum(count++, value);
        value = value.add(step);
      }
      return count;
    }
  }

  private static final class Times implements Rows {
    private static final long MICROS_PER_SECOND = 1_000_000;

    private final long stop;
    private final Interval step;
    private final int sign;
    private long value;

    Times(long start, long stop, Interval step) {
      this.value = start;
      this.stop = stop;
      this.step = step;
      double days = step.months() * 30.0 + step.days() + step.micros() / 86_400_000_000.0;
      this.sign = (int) Math.signum(days);
      if (sign == 0) {
        throw zeroStep();
      }
    }

    @Override
    public int next(Batch batch) {
      int count = 0;
      while (count < Batch.CAPACITY && Long.compare(value, stop) * sign <= 0) {
        batch.column(0).setDatum(count++, value);
        value = plus(value);
      }
      return count;
    }

    private long plus(long micros) {
      LocalDateTime time =
          LocalDateTime.ofEpochSecond(
                  Math.floorDiv(micros, MICROS_PER_SECOND),
                  (int) Math.floorMod(micros, MICROS_PER_SECOND) * 1000,
                  ZoneOffset.UTC)
              .plusMonths(step.months())
              .plusDays(step.days())
              .plus(step.micros(), ChronoUnit.MICROS);
      return time.toEpochSecond(ZoneOffset.UTC) * MICROS_PER_SECOND + time.getNano() / 1000;
    }
  }
}
