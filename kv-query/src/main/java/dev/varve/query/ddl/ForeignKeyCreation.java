// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ddl;

import dev.varve.ErrorCode;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.TableConstraint;
import dev.varve.query.ast.TableConstraint.ReferentialAction;
import dev.varve.query.catalog.ForeignKey;
import dev.varve.query.catalog.IndexKey;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.type.Coercion;
import dev.varve.query.type.SqlType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Adds foreign keys. */
final class ForeignKeyCreation {
  private final DefinitionContext context;

  ForeignKeyCreation(DefinitionContext context) {
    this.context = context;
  }

  /** Adds a foreign key to the table numbered {@code id}; rows that are there must meet it. */
  void add(int id, TableConstraint.ForeignKey definition, boolean validate) {
    TableDefinition table = context.catalog().table(id);
    assert table != null : id;
    TableDefinition parent = context.table(definition.referencedTable());
    refuseTemporary(table, parent, definition);
    List<Integer> columns = places(table, definition.columns());
    List<Integer> referenced;
    if (definition.referencedColumns().isEmpty()) {
      referenced = primaryKey(parent, definition);
    } else {
      referenced = places(parent, definition.referencedColumns());
    }
    if (columns.size() != referenced.size()) {
      throw context
          .error(
              ErrorCode.INVALID_FOREIGN_KEY,
              definition.span(),
              "number of referencing and referenced columns for foreign key disagree")
          .build();
    }
    TableIndex index = uniqueIndex(parent, referenced, definition);
    checkTypes(table, columns, parent, referenced, definition);
    String names = String.join("_", definition.columns().stream().map(Identifier::name).toList());
    String name =
        new ConstraintCreation(context)
            .constraintName(table, definition.name(), table.name() + "_" + names, "fkey");
    List<Integer> deleteColumns = places(table, definition.deleteColumns());
    refuseForeignDeleteColumns(columns, deleteColumns, definition);
    ForeignKey key =
        new ForeignKey(
            name,
            columns,
            parent.id(),
            referenced,
            index.id(),
            definition.matchFull(),
            definition.onDelete(),
            deleteColumns,
            definition.onUpdate(),
            definition.deferrable(),
            definition.initiallyDeferred());
    if (validate) {
      new RowValidation(context).foreignKey(table, parent, key);
    }
    List<ForeignKey> keys = new ArrayList<>(table.foreignKeys());
    keys.add(key);
    context.define(table.change().foreignKeys(keys).build());
    if (parent.id() != id) {
      // Who changes rows of the referenced table must know of the key: its definition counts as
      // new.
      context.lock(parent);
      context.define(parent.change().build());
    }
  }

  private void refuseTemporary(
      TableDefinition table, TableDefinition parent, TableConstraint.ForeignKey definition) {
    if (table.temporary() != parent.temporary()) {
      throw context
          .error(
              ErrorCode.INVALID_TABLE_DEFINITION,
              definition.span(),
              table.temporary()
                  ? "constraints on temporary tables may reference only temporary tables"
                  : "constraints on permanent tables may reference only permanent tables")
          .build();
    }
  }

  private void refuseForeignDeleteColumns(
      List<Integer> columns, List<Integer> deleteColumns, TableConstraint.ForeignKey definition) {
    for (int i = 0; i < deleteColumns.size(); i++) {
      if (!columns.contains(deleteColumns.get(i))) {
        throw context
            .error(
                ErrorCode.INVALID_COLUMN_REFERENCE,
                definition.deleteColumns().get(i).span(),
                "column \""
                    + definition.deleteColumns().get(i)
                    + "\" referenced in ON DELETE "
                    + (definition.onDelete() == ReferentialAction.SET_NULL
                        ? "SET NULL"
                        : "SET DEFAULT")
                    + " action must be part of foreign key")
            .build();
      }
    }
  }

  private List<Integer> places(TableDefinition table, List<Identifier> names) {
    List<Integer> places = new ArrayList<>();
    for (Identifier name : names) {
      int place = table.columnIndex(name.name());
      if (place < 0) {
        throw context
            .error(
                ErrorCode.UNDEFINED_COLUMN,
                name.span(),
                "column \"" + name + "\" referenced in foreign key constraint does not exist")
            .build();
      }
      places.add(place);
    }
    return places;
  }

  private List<Integer> primaryKey(TableDefinition parent, TableConstraint.ForeignKey definition) {
    TableIndex key = parent.primaryKey();
    if (key == null) {
      throw context
          .error(
              ErrorCode.UNDEFINED_OBJECT,
              definition.referencedTable().span(),
              "there is no primary key for referenced table \"" + parent.name() + "\"")
          .build();
    }
    return key.keys().stream().map(IndexKey::column).toList();
  }

  private TableIndex uniqueIndex(
      TableDefinition parent, List<Integer> referenced, TableConstraint.ForeignKey definition) {
    for (TableIndex index : parent.indexes()) {
      if (index.unique()
          && index.isReadable()
          && index.hasOnlyColumns()
          && index.predicateText() == null
          && index.keys().size() == referenced.size()
          && new HashSet<>(index.keys().stream().map(IndexKey::column).toList())
              .equals(new HashSet<>(referenced))) {
        return index;
      }
    }
    throw context
        .error(
            ErrorCode.INVALID_FOREIGN_KEY,
            definition.span(),
            "there is no unique constraint matching given keys for referenced table \""
                + parent.name()
                + "\"")
        .build();
  }

  private void checkTypes(
      TableDefinition table,
      List<Integer> columns,
      TableDefinition parent,
      List<Integer> referenced,
      TableConstraint.ForeignKey definition) {
    for (int i = 0; i < columns.size(); i++) {
      SqlType from = table.columns().get(columns.get(i)).type();
      SqlType to = parent.columns().get(referenced.get(i)).type();
      if (!Coercion.between(from.kind(), to.kind()).isAllowedIn(Coercion.IMPLICIT)
          && !(from.kind().isInteger() && to.kind().isInteger())
          && !(from.kind().isText() && to.kind().isText())) {
        throw context
            .error(
                ErrorCode.DATATYPE_MISMATCH,
                definition.span(),
                "foreign key constraint cannot be implemented")
            .hint(
                "Key columns \""
                    + table.columns().get(columns.get(i)).name()
                    + "\" and \""
                    + parent.columns().get(referenced.get(i)).name()
                    + "\" are of incompatible types: "
                    + from
                    + " and "
                    + to
                    + ".")
            .build();
      }
    }
  }
}
