// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.ErrorCode;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.QueryBody.SelectItem;
import dev.varve.query.ast.Spelling;
import dev.varve.query.ast.TableReference;
import dev.varve.query.binder.GivenTable;
import dev.varve.query.catalog.Relation;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.ViewDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The table that a data statement changes, and the columns it names of it. */
final class TargetTable {
  private final TableDefinition table;
  private final String alias;
  private final StatementContext.Planning planning;
  private final @Nullable UpdatableView view;
  private final String verb;

  private TargetTable(
      TableDefinition table,
      @Nullable UpdatableView view,
      String alias,
      String verb,
      StatementContext.Planning planning) {
    this.table = table;
    this.view = view;
    this.alias = alias;
    this.verb = verb;
    this.planning = planning;
  }

  /**
   * The table that {@code name} means, perhaps by way of a view; {@code verb} is what is to be done to it:
   * insert into, update, delete from.
   */
  static TargetTable of(
      QualifiedName name,
      @Nullable Identifier alias,
      String verb,
      StatementContext.Planning planning) {
    Relation relation = planning.relation(name);
    String known = alias == null ? relation.name() : alias.name();
    if (relation instanceof ViewDefinition definition) {
      UpdatableView view = UpdatableView.of(definition, verb, planning);
      return new TargetTable(view.table(), view, known, verb, planning);
    }
    return new TargetTable(resolve(name, planning), null, known, verb, planning);
  }

  /** The view through which the table is changed, or null. */
  @Nullable UpdatableView view() {
    return view;
  }

  /** The table's columns as the statement calls them. */
  GivenTable scope(String name) {
    return view == null ? TableWriter.scope(table, name) : view.renamed(name);
  }

  /** Items for the key and all columns of the table's rows. */
  List<SelectItem> keyAndColumns() {
    return view == null ? Syntax.keyAndColumns(table, alias) : view.keyAndColumns(alias);
  }

  /** Where the rows to be changed are looked for. */
  TableReference source() {
    return view == null ? Syntax.table(table, alias) : view.source(alias);
  }

  /** The table that {@code name} means. */
  static TableDefinition resolve(QualifiedName name, StatementContext.Planning planning) {
    Relation relation = planning.relation(name);
    if (relation instanceof TableDefinition table) {
      return table;
    }
    String kind = relation instanceof ViewDefinition ? "view" : "sequence";
    throw planning
        .source()
        .error(
            relation instanceof ViewDefinition
                ? ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE
                : ErrorCode.WRONG_OBJECT_TYPE,
            name.span(),
            "cannot change " + kind + " \"" + name + "\"")
        .build();
  }

  TableDefinition table() {
    return table;
  }

  String alias() {
    return alias;
  }

  /** The place of a column that the statement names. */
  int column(Identifier name) {
    if (view != null) {
      return view.place(name, verb.startsWith("delete") ? "update" : verb, planning);
    }
    int column = table.columnIndex(name.name());
    if (column < 0) {
      throw Spelling.suggest(
              planning
                  .source()
                  .error(
                      ErrorCode.UNDEFINED_COLUMN,
                      name.span(),
                      "column \""
                          + name
                          + "\" of relation \""
                          + table.name()
                          + "\" does not exist"),
              name.name(),
              table.columnNames())
          .build();
    }
    return column;
  }

  /** The places of columns, each named at most once; all in order when none are named. */
  List<Integer> columns(List<Identifier> names) {
    List<Integer> columns = new ArrayList<>();
    if (names.isEmpty() && view != null) {
      for (int i = 0; i < view.columns().size(); i++) {
        columns.add(view.placeOrNone(i));
      }
      return columns;
    }
    if (names.isEmpty()) {
      for (int i = 0; i < table.columns().size(); i++) {
        columns.add(i);
      }
      return columns;
    }
    Set<Integer> seen = new HashSet<>();
    for (Identifier name : names) {
      int column = column(name);
      if (!seen.add(column)) {
        throw planning
            .source()
            .error(
                ErrorCode.DUPLICATE_COLUMN,
                name.span(),
                "column \"" + name + "\" specified more than once")
            .build();
      }
      columns.add(column);
    }
    return columns;
  }
}
