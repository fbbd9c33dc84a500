// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ddl;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.core.store.StoreTransaction;
import dev.varve.query.ast.DefinitionStatement.Drop;
import dev.varve.query.ast.DefinitionStatement.ObjectKind;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.Spelling;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.catalog.ForeignKey;
import dev.varve.query.catalog.Relation;
import dev.varve.query.catalog.SequenceDefinition;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.catalog.ViewDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** DROP: removes objects, and with CASCADE what depends on them. */
final class Dropping {
  private final DefinitionContext context;

  Dropping(DefinitionContext context) {
    this.context = context;
  }

  void drop(Drop statement) {
    if (statement.kind() == ObjectKind.INDEX) {
      statement.names().forEach(name -> dropIndex(name, statement));
      return;
    }
    if (statement.kind() == ObjectKind.SCHEMA) {
      statement.names().forEach(name -> dropSchema(name, statement));
      return;
    }
    List<Relation> relations = new ArrayList<>();
    for (QualifiedName name : statement.names()) {
      Relation relation = find(name, statement);
      if (relation != null && !relations.contains(relation)) {
        relations.add(relation);
      }
    }
    drop(relations, statement.cascade());
  }

  private @Nullable Relation find(QualifiedName name, Drop statement) {
    Relation relation = context.catalog().relation(name.schema(), name.name());
    if (relation == null) {
      if (statement.ifExists()) {
        return null;
      }
      requireSchemaOf(name);
      String kind = statement.kind().name().toLowerCase(Locale.ROOT);
      throw Spelling.suggest(
              context.error(
                  ErrorCode.UNDEFINED_TABLE,
                  name.span(),
                  kind + " \"" + name + "\" does not exist"),
              name.name(),
              context.catalog().visibleNames())
          .build();
    }
    boolean fits =
        switch (statement.kind()) {
          case TABLE -> relation instanceof TableDefinition;
          case VIEW -> relation instanceof ViewDefinition;
          default -> relation instanceof SequenceDefinition;
        };
    if (!fits) {
      String kind = statement.kind().name().toLowerCase(Locale.ROOT);
      String actual = kindOf(relation);
      throw context
          .error(
              ErrorCode.WRONG_OBJECT_TYPE, name.span(), "\"" + name.name() + "\" is not a " + kind)
          .hint("Use DROP " + actual.toUpperCase(Locale.ROOT) + " to remove a " + actual + ".")
          .build();
    }
    return relation;
  }

  private void requireSchemaOf(QualifiedName name) {
    String schema = name.schema();
    if (schema != null) {
      context.requireSchema(schema, name.span());
    }
  }

  static String kindOf(Relation relation) {
    return relation instanceof TableDefinition
        ? "table"
        : relation instanceof ViewDefinition ? "view" : "sequence";
  }

  /** Removes relations, all at once. */
  void drop(List<Relation> named, boolean cascade) {
    Map<Integer, Relation> going = new LinkedHashMap<>();
    for (Relation relation : named) {
      going.put(relation.id(), relation);
      addOwned(relation, going);
    }
    List<Relation> pending = new ArrayList<>(going.values());
    while (!pending.isEmpty()) {
      Relation relation = pending.remove(0);
      for (ViewDefinition view : context.catalog().viewsOver(relation.id())) {
        if (!going.containsKey(view.id())) {
          refuseUnless(cascade, relation, "view " + view.name());
          going.put(view.id(), view);
          pending.add(view);
        }
      }
      if (relation instanceof SequenceDefinition sequence) {
        releaseDefaults(sequence, going, cascade);
      }
    }
    for (Relation relation : List.copyOf(going.values())) {
      if (relation instanceof TableDefinition table) {
        releaseReferences(table, going, cascade);
      }
    }
    going.values().forEach(this::remove);
  }

  private void addOwned(Relation relation, Map<Integer, Relation> going) {
    for (Relation each : context.catalog().relations()) {
      if (each instanceof SequenceDefinition sequence && sequence.ownerTable() == relation.id()) {
        going.put(sequence.id(), sequence);
      }
    }
  }

  private static void refuseUnless(boolean cascade, Relation relation, String dependent) {
    if (!cascade) {
      throw dependent(kindOf(relation) + " " + relation.name(), dependent);
    }
  }

  static VarveException dependent(String object, String dependent) {
    return ErrorCode.DEPENDENT_OBJECTS
        .error("cannot drop " + object + " because other objects depend on it")
        .fact("dependent", dependent)
        .hint("Use DROP ... CASCADE to drop the dependent objects too.")
        .build();
  }

  /** Columns that draw from a sequence lose their default. */
  private void releaseDefaults(
      SequenceDefinition sequence, Map<Integer, Relation> going, boolean cascade) {
    for (TableDefinition table : context.catalog().tables()) {
      if (going.containsKey(table.id())) {
        continue;
      }
      List<TableColumn> columns = new ArrayList<>(table.columns());
      boolean changed = false;
      for (int i = 0; i < columns.size(); i++) {
        TableColumn column = columns.get(i);
        if (column.sequence() == sequence.id()) {
          if (column.identity() != TableColumn.Identity.NONE || column.defaultText() != null) {
            refuseUnless(
                cascade,
                sequence,
                "default value for column " + column.name() + " of table " + table.name());
          }
          columns.set(i, column.withDefault(null).withIdentity(TableColumn.Identity.NONE, 0));
          changed = true;
        }
      }
      if (changed) {
        context.lock(table);
        context.define(table.change().columns(columns).build());
      }
    }
  }

  /** Foreign keys of other tables that reference {@code table} go. */
  private void releaseReferences(
      TableDefinition table, Map<Integer, Relation> going, boolean cascade) {
    for (Catalog.Reference reference : context.catalog().references(table.id())) {
      if (going.containsKey(reference.table().id())) {
        continue;
      }
      refuseUnless(
          cascade,
          table,
          "constraint " + reference.key().name() + " on table " + reference.table().name());
      dropForeignKey(reference.table().id(), reference.key());
    }
  }

  void dropForeignKey(int tableId, ForeignKey key) {
    TableDefinition table = context.catalog().table(tableId);
    assert table != null : tableId;
    context.lock(table);
    List<ForeignKey> keys = new ArrayList<>(table.foreignKeys());
    keys.remove(key);
    context.define(table.change().foreignKeys(keys).build());
  }

  private void remove(Relation relation) {
    context.lock(relation);
    Relation current = context.catalog().relation(relation.id());
    if (current == null) {
      return;
    }
    if (current instanceof TableDefinition table) {
      clear(table);
    }
    context.define(context.catalog().without(current.id()));
  }

  /** Removes rows and index entries. */
  void clear(TableDefinition table) {
    StoreTransaction transaction = context.statement().transaction().store();
    transaction.clearKeyspace(table.keyspace());
    for (TableIndex index : table.indexes()) {
      if (!index.clustered()) {
        transaction.clearKeyspace(index.keyspace());
      }
    }
  }

  private void dropIndex(QualifiedName name, Drop statement) {
    TableDefinition table = context.catalog().tableOfIndex(name.schema(), name.name());
    if (table == null) {
      Relation relation = context.catalog().relation(name.schema(), name.name());
      if (relation != null) {
        throw context
            .error(
                ErrorCode.WRONG_OBJECT_TYPE, name.span(), "\"" + name.name() + "\" is not an index")
            .build();
      }
      if (statement.ifExists()) {
        return;
      }
      requireSchemaOf(name);
      throw context
          .error(ErrorCode.UNDEFINED_OBJECT, name.span(), "index \"" + name + "\" does not exist")
          .build();
    }
    TableIndex index = table.index(name.name());
    assert index != null;
    if (index.constraint() != TableIndex.Constraint.NONE) {
      throw ErrorCode.DEPENDENT_OBJECTS
          .error(
              "cannot drop index "
                  + index.name()
                  + " because constraint "
                  + index.name()
                  + " on table "
                  + table.name()
                  + " requires it")
          .hint(
              "You can drop constraint " + index.name() + " on table " + table.name() + " instead.")
          .build();
    }
    context.lock(table);
    removeIndex(table.id(), index, statement.cascade());
  }

  /** Removes an index that has entries of its own; foreign keys that rely on it go or refuse. */
  void removeIndex(int tableId, TableIndex index, boolean cascade) {
    for (Catalog.Reference reference : context.catalog().references(tableId)) {
      if (reference.key().referencedIndex() == index.id()) {
        if (!cascade) {
          throw dependent(
              "index " + index.name(),
              "constraint " + reference.key().name() + " on table " + reference.table().name());
        }
        dropForeignKey(reference.table().id(), reference.key());
      }
    }
    TableDefinition table = context.catalog().table(tableId);
    assert table != null : tableId;
    List<TableIndex> indexes = new ArrayList<>(table.indexes());
    indexes.removeIf(each -> each.id() == index.id());
    context.define(table.change().indexes(indexes).build());
    context.statement().transaction().store().clearKeyspace(index.keyspace());
  }

  private void dropSchema(QualifiedName name, Drop statement) {
    String schema = name.name();
    if (!context.catalog().hasSchema(schema)) {
      if (statement.ifExists()) {
        return;
      }
      context.requireSchema(schema, name.span());
    }
    List<Relation> contents = new ArrayList<>(context.catalog().relations(schema));
    if (!contents.isEmpty() && !statement.cascade()) {
      Relation first = contents.get(0);
      throw dependent("schema " + schema, kindOf(first) + " " + schema + "." + first.name());
    }
    drop(contents, true);
    context.define(context.catalog().withoutSchema(schema));
  }
}
