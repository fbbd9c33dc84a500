// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.session;

import dev.varve.Column;
import dev.varve.ErrorCode;
import dev.varve.Row;
import dev.varve.VarveException;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.type.JavaValues;
import dev.varve.query.type.TextOutput;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.BooleanVector;
import dev.varve.query.vector.DoubleVector;
import dev.varve.query.vector.IntVector;
import dev.varve.query.vector.LongVector;
import dev.varve.query.vector.Vector;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row of a batch, seen as callers see rows. One object for all rows of a result. */
final class BatchRow implements Row {
  private final List<PlanColumn> plan;
  private final List<Column> columns;
  private final ZoneId zone;
  private @Nullable Batch batch;
  private int row;

  BatchRow(List<PlanColumn> plan, List<Column> columns, ZoneId zone) {
    this.plan = plan;
    this.columns = columns;
    this.zone = zone;
  }

  void moveTo(Batch current, int index) {
    batch = current;
    row = index;
  }

  private Vector vector(int column) {
    if (column < 0 || column >= plan.size()) {
      throw ErrorCode.UNDEFINED_COLUMN
          .error("The row has no column " + column + ".")
          .fact("columns", plan.size())
          .hint("Columns count from 0.")
          .build();
    }
    if (batch == null) {
      throw ErrorCode.CLOSED.error("The row is not valid any more.").build();
    }
    return batch.column(column);
  }

  private int index(String name) {
    int found = -1;
    for (int i = 0; i < columns.size() && found < 0; i++) {
      if (columns.get(i).name().equalsIgnoreCase(name)) {
        found = i;
      }
    }
    if (found < 0) {
      throw ErrorCode.UNDEFINED_COLUMN
          .error("The result has no column \"" + name + "\".")
          .fact("columns", columns.stream().map(Column::name).toList())
          .build();
    }
    return found;
  }

  private VarveException isNullError(int column) {
    return ErrorCode.NULL_NOT_ALLOWED
        .error("The column is NULL and cannot be read as a primitive.")
        .fact("column", columns.get(column).name())
        .hint("Ask isNull first, or read it with getObject.")
        .build();
  }

  @Override
  public int size() {
    return plan.size();
  }

  @Override
  public boolean isNull(int column) {
    return vector(column).isNull(row);
  }

  @Override
  public boolean isNull(String column) {
    return isNull(index(column));
  }

  @Override
  public @Nullable Object getObject(int column) {
    Vector vector = vector(column);
    Object datum = vector.datum(row);
    return datum == null ? null : JavaValues.toJava(datum, plan.get(column).type(), zone);
  }

  @Override
  public @Nullable Object getObject(String column) {
    return getObject(index(column));
  }

  @Override
  public <T> @Nullable T get(int column, Class<T> type) {
    Object datum = vector(column).datum(row);
    if (datum == null) {
      return null;
    }
    return type.cast(JavaValues.convert(datum, plan.get(column).type(), type, zone));
  }

  @Override
  public <T> @Nullable T get(String column, Class<T> type) {
    return get(index(column), type);
  }

  private <T> T required(int column, Class<T> type) {
    T value = get(column, type);
    if (value == null) {
      throw isNullError(column);
    }
    return value;
  }

  @Override
  public boolean getBoolean(int column) {
    if (vector(column) instanceof BooleanVector booleans && !booleans.isNull(row)) {
      return booleans.values[row];
    }
    return required(column, Boolean.class);
  }

  @Override
  public boolean getBoolean(String column) {
    return getBoolean(index(column));
  }

  @Override
  public int getInt(int column) {
    if (vector(column) instanceof IntVector ints
        && !ints.isNull(row)
        && plan.get(column).type().kind().isInteger()) {
      return ints.values[row];
    }
    return required(column, Integer.class);
  }

  @Override
  public int getInt(String column) {
    return getInt(index(column));
  }

  @Override
  public long getLong(int column) {
    Vector vector = vector(column);
    if (!vector.isNull(row) && plan.get(column).type().kind().isInteger()) {
      return vector instanceof LongVector longs
          ? longs.values[row]
          : ((IntVector) vector).values[row];
    }
    return required(column, Long.class);
  }

  @Override
  public long getLong(String column) {
    return getLong(index(column));
  }

  @Override
  public double getDouble(int column) {
    if (vector(column) instanceof DoubleVector doubles && !doubles.isNull(row)) {
      return doubles.values[row];
    }
    return required(column, Double.class);
  }

  @Override
  public double getDouble(String column) {
    return getDouble(index(column));
  }

  @Override
  public @Nullable String getString(int column) {
    Object datum = vector(column).datum(row);
    return datum == null ? null : TextOutput.text(datum, plan.get(column).type(), zone);
  }

  @Override
  public @Nullable String getString(String column) {
    return getString(index(column));
  }

  @Override
  public @Nullable BigDecimal getBigDecimal(int column) {
    return get(column, BigDecimal.class);
  }

  @Override
  public @Nullable BigDecimal getBigDecimal(String column) {
    return getBigDecimal(index(column));
  }

  @Override
  public byte @Nullable [] getBytes(int column) {
    return get(column, byte[].class);
  }

  @Override
  public byte @Nullable [] getBytes(String column) {
    return getBytes(index(column));
  }
}
