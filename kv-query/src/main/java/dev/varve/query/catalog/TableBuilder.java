// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.catalog;

import dev.varve.query.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A changed copy of a table in the making. */
public final class TableBuilder {
  private final TableDefinition table;
  private String schema;
  private String name;
  private int keyspace;
  private List<TableColumn> columns;
  private List<SqlType> slots;
  private List<IndexKey> clusterKey;
  private List<TableIndex> indexes;
  private List<CheckConstraint> checks;
  private List<ForeignKey> foreignKeys;
  private @Nullable String comment;

  TableBuilder(TableDefinition table) {
    this.table = table;
    this.schema = table.schema();
    this.name = table.name();
    this.keyspace = table.keyspace();
    this.columns = table.columns();
    this.slots = table.slots();
    this.clusterKey = table.clusterKey();
    this.indexes = table.indexes();
    this.checks = table.checks();
    this.foreignKeys = table.foreignKeys();
    this.comment = table.comment();
  }

  public TableBuilder schema(String value) {
    schema = value;
    return this;
  }

  public TableBuilder name(String value) {
    name = value;
    return this;
  }

  public TableBuilder keyspace(int value) {
    keyspace = value;
    return this;
  }

  public TableBuilder columns(List<TableColumn> value) {
    columns = List.copyOf(value);
    return this;
  }

  public TableBuilder slots(List<SqlType> value) {
    slots = List.copyOf(value);
    return this;
  }

  public TableBuilder clusterKey(List<IndexKey> value) {
    clusterKey = List.copyOf(value);
    return this;
  }

  public TableBuilder indexes(List<TableIndex> value) {
    indexes = List.copyOf(value);
    return this;
  }

  public TableBuilder checks(List<CheckConstraint> value) {
    checks = List.copyOf(value);
    return this;
  }

  public TableBuilder foreignKeys(List<ForeignKey> value) {
    foreignKeys = List.copyOf(value);
    return this;
  }

  public TableBuilder comment(@Nullable String value) {
    comment = value;
    return this;
  }

  /** The changed table, one version on. */
  public TableDefinition build() {
    return new TableDefinition(
        table.id(),
        schema,
        name,
        keyspace,
        columns,
        slots,
        clusterKey,
        indexes,
        checks,
        foreignKeys,
        table.temporary(),
        comment,
        table.version() + 1);
  }
}
