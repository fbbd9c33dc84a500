// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.catalog;

import dev.varve.query.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table. Its rows lie in a keyspace of their own in the order of {@code clusterKey}, or of a hidden
 * row id of eight bytes when that is empty. A stored row holds all its columns, those of the key too.
 *
 * @param id its number
 * @param keyspace where its rows are; another than {@code id} once it has been rewritten
 * @param columns those that can be seen, in order
 * @param slots the types of the places of a stored row; those of dropped columns stay
 * @param clusterKey columns that order the rows, all NOT NULL and together unique; or empty
 * @param indexes all, the clustered one included
 * @param foreignKeys those in which this table references another
 * @param temporary whether it goes with its session
 * @param version counts changes of this definition
 */
public record TableDefinition(
    int id,
    String schema,
    String name,
    int keyspace,
    List<TableColumn> columns,
    List<SqlType> slots,
    List<IndexKey> clusterKey,
    List<TableIndex> indexes,
    List<CheckConstraint> checks,
    List<ForeignKey> foreignKeys,
    boolean temporary,
    @Nullable String comment,
    long version)
    implements Relation {
  /** The most columns a table can have. */
  public static final int MAX_COLUMNS = 1600;

  /** The place of the column called {@code column}, or -1. */
  public int columnIndex(String column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(column)) {
        return i;
      }
    }
    return -1;
  }

  /** The names of the columns, in order. */
  public List<String> columnNames() {
    List<String> names = new ArrayList<>(columns.size());
    for (TableColumn column : columns) {
      names.add(column.name());
    }
    return names;
  }

  /** Whether rows are ordered by a hidden id. */
  public boolean hasRowId() {
    return clusterKey.isEmpty();
  }

  /** The index behind PRIMARY KEY, or null. */
  public @Nullable TableIndex primaryKey() {
    for (TableIndex index : indexes) {
      if (index.constraint() == TableIndex.Constraint.PRIMARY_KEY) {
        return index;
      }
    }
    return null;
  }

  /** The index called {@code index}, or null. */
  public @Nullable TableIndex index(String index) {
    for (TableIndex each : indexes) {
      if (each.name().equals(index)) {
        return each;
      }
    }
    return null;
  }

  /** The index numbered {@code index}, or null. */
  public @Nullable TableIndex index(int index) {
    for (TableIndex each : indexes) {
      if (each.id() == index) {
        return each;
      }
    }
    return null;
  }

  /** Starts a changed copy. */
  public TableBuilder change() {
    return new TableBuilder(this);
  }
}
