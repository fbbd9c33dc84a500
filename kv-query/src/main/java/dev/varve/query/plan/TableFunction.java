// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.plan;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function that yields rows, for arguments of the types it wants. Immutable. */
public interface TableFunction {
  /** Its name in lower case. */
  String name();

  /** The names of its columns. */
  List<String> columnNames();

  /** The types of its columns. */
  List<SqlType> columnTypes();

  /** About how many rows it yields, for arguments known at planning; null stands for unknown. */
  long estimatedRows(List<@Nullable Object> arguments);

  /** Begins to yield rows for some arguments, as {@code Vector.datum} has them. */
  Rows rows(List<@Nullable Object> arguments);

  /** Rows being yielded. */
  interface Rows {
    /** Fills {@code batch}, which is empty, up to its capacity; returns how many rows, 0 at the end. */
    int next(Batch batch);
  }
}
