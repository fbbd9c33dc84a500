// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ddl;

import dev.varve.query.catalog.IndexKey;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableIndex;
import java.util.ArrayList;
import java.util.List;

/** Keeps in step what refers to columns by their place. */
final class TableColumns {
  private TableColumns() {}

  /** The table with the types of its keys taken from its columns. */
  static TableDefinition withKeyTypes(TableDefinition table) {
    List<TableIndex> indexes = new ArrayList<>();
    for (TableIndex index : table.indexes()) {
      indexes.add(index.withKeys(typed(table, index.keys()), index.includes()));
    }
    return table.change().indexes(indexes).clusterKey(typed(table, table.clusterKey())).build();
  }

  private static List<IndexKey> typed(TableDefinition table, List<IndexKey> keys) {
    List<IndexKey> typed = new ArrayList<>();
    for (IndexKey key : keys) {
      typed.add(
          key.isExpression()
              ? key
              : new IndexKey(
                  key.column(),
                  null,
                  table.columns().get(key.column()).type(),
                  key.descending(),
                  key.nullsFirst()));
    }
    return typed;
  }

  /** The place of a column after that at {@code dropped} has gone. */
  static int shifted(int place, int dropped) {
    assert place != dropped : place;
    return place > dropped ? place - 1 : place;
  }

  /** Places after that at {@code dropped} has gone. */
  static List<Integer> shifted(List<Integer> places, int dropped) {
    List<Integer> shifted = new ArrayList<>(places.size());
    for (int place : places) {
      shifted.add(shifted(place, dropped));
    }
    return shifted;
  }

  /** Keys after the column at {@code dropped} has gone. */
  static List<IndexKey> shiftedKeys(List<IndexKey> keys, int dropped) {
    List<IndexKey> shifted = new ArrayList<>(keys.size());
    for (IndexKey key : keys) {
      shifted.add(
          key.isExpression()
              ? key
              : new IndexKey(
                  shifted(key.column(), dropped),
                  null,
                  key.type(),
                  key.descending(),
                  key.nullsFirst()));
    }
    return shifted;
  }
}
