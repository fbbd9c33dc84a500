// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ddl;

import dev.varve.ErrorCode;
import dev.varve.IndexType;
import dev.varve.VarveException;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.Span;
import dev.varve.query.ast.TableConstraint;
import dev.varve.query.ast.TableConstraint.Check;
import dev.varve.query.ast.TableConstraint.NotNull;
import dev.varve.query.ast.TableConstraint.PrimaryKey;
import dev.varve.query.ast.TableConstraint.Unique;
import dev.varve.query.catalog.CheckConstraint;
import dev.varve.query.catalog.ForeignKey;
import dev.varve.query.catalog.IndexKey;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableIndex;
import dev.varve.query.catalog.TableIndex.Constraint;
import dev.varve.query.parser.Parser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Adds constraints to tables, new ones and such that have rows already. */
final class ConstraintCreation {
  private final DefinitionContext context;

  ConstraintCreation(DefinitionContext context) {
    this.context = context;
  }

  /** Adds constraints to a table that has no rows yet. */
  void addToNew(TableDefinition table, List<TableConstraint> constraints) {
    TableDefinition current = table;
    // A primary key decides how rows lie, and foreign keys may reference what the table itself has.
    for (TableConstraint constraint : constraints) {
      if (constraint instanceof PrimaryKey key) {
        current = withPrimaryKey(current, key, true);
      }
    }
    for (TableConstraint constraint : constraints) {
      if (!(constraint instanceof PrimaryKey)
          && !(constraint instanceof TableConstraint.ForeignKey)) {
        current = with(current, constraint);
      }
    }
    if (current != table) {
      context.define(current);
    }
    for (TableConstraint constraint : constraints) {
      if (constraint instanceof TableConstraint.ForeignKey key) {
        new ForeignKeyCreation(context).add(current.id(), key, false);
      }
    }
  }

  /** Adds a constraint to a table, whose rows must meet it. */
  void add(TableDefinition table, TableConstraint constraint) {
    if (constraint instanceof TableConstraint.ForeignKey key) {
      new ForeignKeyCreation(context).add(table.id(), key, !key.notValid());
      return;
    }
    TableDefinition changed =
        constraint instanceof PrimaryKey key
            ? withPrimaryKey(table, key, false)
            : with(table, constraint);
    RowValidation validation = new RowValidation(context);
    if (constraint instanceof Check check) {
      if (!check.notValid()) {
        validation.check(table, check.condition(), lastCheck(changed).name());
      }
    } else if (constraint instanceof NotNull notNull) {
      validation.notNull(table, context.column(table, notNull.column()));
    } else if (constraint instanceof PrimaryKey) {
      for (int i = 0; i < table.columns().size(); i++) {
        if (changed.columns().get(i).notNull() && !table.columns().get(i).notNull()) {
          validation.notNull(table, i);
        }
      }
    }
    List<TableIndex> added = new ArrayList<>(changed.indexes());
    added.removeIf(index -> table.index(index.id()) != null);
    context.define(changed);
    for (TableIndex index : added) {
      new IndexCreation(context).fill(table, changed, index);
    }
  }

  private static CheckConstraint lastCheck(TableDefinition table) {
    return table.checks().get(table.checks().size() - 1);
  }

  private TableDefinition with(TableDefinition table, TableConstraint constraint) {
    if (constraint instanceof Unique unique) {
      return withUnique(table, unique);
    }
    if (constraint instanceof Check check) {
      return withCheck(table, check);
    }
    NotNull notNull = (NotNull) constraint;
    return withNotNull(table, Set.of(context.column(table, notNull.column())));
  }

  private static TableDefinition withNotNull(TableDefinition table, Set<Integer> places) {
    List<TableColumn> columns = new ArrayList<>(table.columns());
    for (int place : places) {
      columns.set(place, columns.get(place).withNotNull(true));
    }
    return table.change().columns(columns).build();
  }

  private TableDefinition withPrimaryKey(TableDefinition table, PrimaryKey key, boolean isNew) {
    if (table.primaryKey() != null) {
      throw context
          .error(
              ErrorCode.INVALID_TABLE_DEFINITION,
              key.span(),
              "multiple primary keys for table \"" + table.name() + "\" are not allowed")
          .build();
    }
    if (key.usingIndex() != null) {
      TableIndex index = existing(table, key.usingIndex());
      Set<Integer> places = new LinkedHashSet<>();
      index.keys().forEach(each -> places.add(each.column()));
      return withNotNull(adopt(table, index, key.name(), Constraint.PRIMARY_KEY), places);
    }
    List<Integer> places = places(table, key.columns(), "primary key constraint");
    TableDefinition changed = withNotNull(table, new HashSet<>(places));
    String name = constraintName(table, key.name(), table.name(), "pkey");
    TableIndex index = index(changed, name, places, Constraint.PRIMARY_KEY, false, isNew);
    List<TableIndex> indexes = new ArrayList<>(table.indexes());
    indexes.add(0, index);
    changed = changed.change().indexes(indexes).build();
    return isNew ? changed.change().clusterKey(index.keys()).build() : changed;
  }

  private TableDefinition withUnique(TableDefinition table, Unique unique) {
    if (unique.usingIndex() != null) {
      TableIndex index = existing(table, unique.usingIndex());
      return adopt(table, index, unique.name(), Constraint.UNIQUE);
    }
    List<Integer> places = places(table, unique.columns(), "unique constraint");
    for (TableIndex index : table.indexes()) {
      if (index.constraint() != Constraint.NONE
          && unique.name() == null
          && index.keys().stream().map(IndexKey::column).toList().equals(places)) {
        return table;
      }
    }
    String columns = String.join("_", unique.columns().stream().map(Identifier::name).toList());
    String name = constraintName(table, unique.name(), table.name() + "_" + columns, "key");
    TableIndex index =
        index(table, name, places, Constraint.UNIQUE, unique.nullsNotDistinct(), false);
    List<TableIndex> indexes = new ArrayList<>(table.indexes());
    indexes.add(index);
    return table.change().indexes(indexes).build();
  }

  private TableIndex existing(TableDefinition table, Identifier name) {
    TableIndex index = table.index(name.name());
    if (index == null) {
      throw context
          .error(ErrorCode.UNDEFINED_OBJECT, name.span(), "index \"" + name + "\" does not exist")
          .build();
    }
    if (!index.unique() || !index.hasOnlyColumns() || index.predicateText() != null) {
      throw context
          .error(ErrorCode.WRONG_OBJECT_TYPE, name.span(), "\"" + name + "\" is not a unique index")
          .hint("A constraint needs a unique index over columns, without WHERE.")
          .build();
    }
    return index;
  }

  private static TableDefinition adopt(
      TableDefinition table, TableIndex index, @Nullable Identifier name, Constraint kind) {
    List<TableIndex> indexes = new ArrayList<>(table.indexes());
    String newName = name == null ? index.name() : name.name();
    indexes.set(indexes.indexOf(index), index.withConstraint(newName, kind));
    return table.change().indexes(indexes).build();
  }

  private TableIndex index(
      TableDefinition table,
      String name,
      List<Integer> places,
      Constraint constraint,
      boolean nullsNotDistinct,
      boolean clustered) {
    List<IndexKey> keys = new ArrayList<>();
    for (int place : places) {
      keys.add(IndexKey.of(place, table.columns().get(place).type()));
    }
    return new TableIndex(
        context.newId(),
        name,
        IndexType.BTREE,
        keys,
        true,
        clustered,
        constraint,
        nullsNotDistinct,
        null,
        List.of(),
        false);
  }

  private List<Integer> places(TableDefinition table, List<Identifier> names, String what) {
    List<Integer> places = new ArrayList<>();
    for (Identifier name : names) {
      int place = table.columnIndex(name.name());
      if (place < 0) {
        throw context
            .error(
                ErrorCode.UNDEFINED_COLUMN,
                name.span(),
                "column \"" + name + "\" named in key does not exist")
            .build();
      }
      if (places.contains(place)) {
        throw context
            .error(
                ErrorCode.DUPLICATE_COLUMN,
                name.span(),
                "column \"" + name + "\" appears twice in " + what)
            .build();
      }
      places.add(place);
    }
    return places;
  }

  private TableDefinition withCheck(TableDefinition table, Check check) {
    String text =
        context.checkedText(
            check.condition(),
            List.of(DefinitionContext.scope(table)),
            DefinitionContext.condition());
    Set<String> columns = Parser.identifiers(text);
    columns.retainAll(table.columnNames());
    String base =
        columns.size() == 1 ? table.name() + "_" + columns.iterator().next() : table.name();
    String name = constraintName(table, check.name(), base, "check");
    List<CheckConstraint> checks = new ArrayList<>(table.checks());
    checks.add(new CheckConstraint(name, text));
    return table.change().checks(checks).build();
  }

  /** The name given, which must be free, or a free one made of {@code base} and {@code suffix}. */
  String constraintName(
      TableDefinition table, @Nullable Identifier given, String base, String suffix) {
    List<String> taken = names(table);
    if (given == null) {
      return context.freeName(table.schema(), base, suffix, taken);
    }
    if (taken.contains(given.name())) {
      throw duplicate(table, given.name(), given.span());
    }
    boolean isIndex = suffix.equals("pkey") || suffix.equals("key");
    if (isIndex && context.isTaken(table.schema(), given.name())) {
      throw context
          .error(
              ErrorCode.DUPLICATE_TABLE, given.span(), "relation \"" + given + "\" already exists")
          .build();
    }
    return given.name();
  }

  VarveException duplicate(TableDefinition table, String name, Span span) {
    return context
        .error(
            ErrorCode.DUPLICATE_OBJECT,
            span,
            "constraint \"" + name + "\" for relation \"" + table.name() + "\" already exists")
        .build();
  }

  /** The names of all constraints of a table. */
  static List<String> names(TableDefinition table) {
    List<String> names = new ArrayList<>();
    table.indexes().forEach(index -> names.add(index.name()));
    table.checks().forEach(check -> names.add(check.name()));
    table.foreignKeys().stream().map(ForeignKey::name).forEach(names::add);
    return names;
  }
}
