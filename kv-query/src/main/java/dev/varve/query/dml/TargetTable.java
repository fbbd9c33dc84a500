// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.ErrorCode;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.Spelling;
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

  TargetTable(
      TableDefinition table, @Nullable Identifier alias, StatementContext.Planning planning) {
    this.table = table;
    this.alias = alias == null ? table.name() : alias.name();
    this.planning = planning;
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
