// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.row;

import dev.varve.ErrorCode;
import dev.varve.query.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of one table are laid out: {@link RowFormat} applied to its columns. Columns are only
 * ever added at the end; a dropped one stays, NULL. Immutable and thread-safe; {@link RowWriter} and
 * {@link RowReader} do the work.
 */
public final class RowCodec {
  /** Where one column stands. */
  record Slot(SqlType type, int width, int fixedOffset, int variableIndex) {}

  private final Slot[] slots;
  private final int[] fixedBytes;
  private final int[] variableCount;
  private final List<@Nullable Object> missing;

  /**
   * @param types the columns' types
   * @param missing the value of each column in rows written before it was added, as {@link
   *     dev.varve.query.vector.Vector#datum} has it
   */
  public RowCodec(List<SqlType> types, List<@Nullable Object> missing) {
    if (types.size() > RowFormat.MAX_COLUMNS) {
      throw ErrorCode.TOO_MANY_COLUMNS
          .error("A table can have at most " + RowFormat.MAX_COLUMNS + " columns.")
          .fact("columns", types.size())
          .build();
    }
    assert types.size() == missing.size() : types.size() + " " + missing.size();
    this.slots = new Slot[types.size()];
    this.fixedBytes = new int[types.size() + 1];
    this.variableCount = new int[types.size() + 1];
    this.missing = new ArrayList<>(missing);
    for (int i = 0; i < slots.length; i++) {
      SqlType type = types.get(i);
      int width = RowFormat.width(type);
      slots[i] = new Slot(type, width, fixedBytes[i], variableCount[i]);
      fixedBytes[i + 1] = fixedBytes[i] + width;
      variableCount[i + 1] = variableCount[i] + (width == 0 ? 1 : 0);
    }
  }

  /** A codec for columns that are there from the beginning. */
  public static RowCodec of(List<SqlType> types) {
    List<@Nullable Object> missing = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      missing.add(null);
    }
    return new RowCodec(types, missing);
  }

  /** The number of columns. */
  public int columns() {
    return slots.length;
  }

  /** A column's type. */
  public SqlType type(int column) {
    return slots[column].type();
  }

  Slot slot(int column) {
    return slots[column];
  }

  /** The bytes of the fixed-width columns among the first {@code columns}. */
  int fixedBytes(int columns) {
    return fixedBytes[columns];
  }

  /** The number of variable-length columns among the first {@code columns}. */
  int variableCount(int columns) {
    return variableCount[columns];
  }

  @Nullable Object missing(int column) {
    return missing.get(column);
  }
}
