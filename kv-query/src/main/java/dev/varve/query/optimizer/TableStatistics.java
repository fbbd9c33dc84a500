// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a table.
 *
 * @param rows about how many rows it has
 * @param columns of its columns; null where nothing is known
 */
public record TableStatistics(double rows, List<@Nullable ColumnStatistics> columns) {
  /** What is known of the column at a place of the table, or null. */
  @Nullable ColumnStatistics column(int ordinal) {
    return ordinal >= 0 && ordinal < columns.size() ? columns.get(ordinal) : null;
  }
}
