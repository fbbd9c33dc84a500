// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.catalog;

import dev.varve.query.row.KeyCodec;
import dev.varve.query.row.KeyPart;
import dev.varve.query.row.RowCodec;
import java.util.ArrayList;
import java.util.List;

/** How the rows and index entries of a table become bytes. Immutable and thread-safe. */
public final class TableLayout {
  /** The bytes of a hidden row id. */
  public static final int ROW_ID_BYTES = Long.BYTES;

  private final TableDefinition table;
  private final RowCodec rows;
  private final KeyCodec clusterKey;

  private TableLayout(TableDefinition table) {
    this.table = table;
    this.rows = RowCodec.of(table.slots());
    this.clusterKey = keyCodec(table.clusterKey(), false);
  }

  /** The layout of {@code table}. */
  public static TableLayout of(TableDefinition table) {
    return new TableLayout(table);
  }

  private static KeyCodec keyCodec(List<IndexKey> keys, boolean nullable) {
    List<KeyPart> parts = new ArrayList<>(keys.size());
    for (IndexKey key : keys) {
      parts.add(new KeyPart(key.type(), key.descending(), key.nullsFirst(), nullable));
    }
    return new KeyCodec(parts);
  }

  /** The table. */
  public TableDefinition table() {
    return table;
  }

  /** Stored rows: one column per slot. */
  public RowCodec rows() {
    return rows;
  }

  /** The key of a row; of no parts when rows have a hidden id. */
  public KeyCodec clusterKey() {
    return clusterKey;
  }

  /** The tuple of an index's entries; of a clustered index, the key of a row. */
  public KeyCodec indexKeys(TableIndex index) {
    return index.clustered() ? clusterKey : keyCodec(index.keys(), true);
  }
}
