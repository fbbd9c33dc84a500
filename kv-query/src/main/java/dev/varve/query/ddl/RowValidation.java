// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ddl;

import dev.varve.ErrorCode;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.Span;
import dev.varve.query.ast.TableReference;
import dev.varve.query.catalog.ForeignKey;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.dml.Syntax;
import dev.varve.query.operator.ExecutionContext;
import dev.varve.query.operator.Operator;
import dev.varve.query.physical.PhysicalQuery;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks whether the rows of a table meet a constraint that is being added. */
final class RowValidation {
  private static final Span NONE = Span.NONE;

  private final DefinitionContext context;

  RowValidation(DefinitionContext context) {
    this.context = context;
  }

  private boolean exists(TableDefinition table, @Nullable Expression condition) {
    TableReference from = Syntax.table(table, table.name());
    Query query =
        Syntax.select(
            List.of(Syntax.output(new Expression.IntegerLiteral(1, NONE))),
            List.of(from),
            condition);
    return yieldsRows(query);
  }

  /** Whether the table has any row. */
  boolean hasRows(TableDefinition table) {
    return exists(table, null);
  }

  void notNull(TableDefinition table, int column) {
    String name = table.columns().get(column).name();
    Expression isNull = new Expression.IsNull(Syntax.column(table.name(), name), false, NONE);
    if (exists(table, isNull)) {
      throw containsNulls(table, name);
    }
  }

  static dev.varve.VarveException containsNulls(TableDefinition table, String column) {
    return ErrorCode.NOT_NULL_VIOLATION
        .error(
            "column \"" + column + "\" of relation \"" + table.name() + "\" contains null values")
        .fact("table", table.name())
        .fact("column", column)
        .build();
  }

  void check(TableDefinition table, Expression condition, String constraint) {
    Expression violated =
        new Expression.IsTruth(condition, Expression.Truth.FALSE, false, condition.span());
    if (exists(table, violated)) {
      throw ErrorCode.CHECK_VIOLATION
          .error(
              "check constraint \""
                  + constraint
                  + "\" of relation \""
                  + table.name()
                  + "\" is violated by some row")
          .fact("table", table.name())
          .fact("constraint", constraint)
          .build();
    }
  }

  void foreignKey(TableDefinition table, TableDefinition parent, ForeignKey key) {
    String child = "$child";
    List<Expression> conditions = new ArrayList<>();
    List<Expression> matches = new ArrayList<>();
    for (int i = 0; i < key.columns().size(); i++) {
      Expression column = Syntax.column(child, table.columns().get(key.columns().get(i)).name());
      conditions.add(new Expression.IsNull(column, true, NONE));
      matches.add(
          Syntax.equal(
              column,
              Syntax.column(
                  "$parent", parent.columns().get(key.referencedColumns().get(i)).name())));
    }
    Query match =
        Syntax.select(
            List.of(Syntax.output(new Expression.IntegerLiteral(1, NONE))),
            List.of(Syntax.table(parent, "$parent")),
            Syntax.and(matches));
    conditions.add(new Expression.Not(new Expression.Exists(match, NONE), NONE));
    Query query =
        Syntax.select(
            List.of(Syntax.output(new Expression.IntegerLiteral(1, NONE))),
            List.of(Syntax.table(table, child)),
            Syntax.and(conditions));
    if (yieldsRows(query) || key.matchFull() && mixesNulls(table, key)) {
      throw ErrorCode.FOREIGN_KEY_VIOLATION
          .error(
              "insert or update on table \""
                  + table.name()
                  + "\" violates foreign key constraint \""
                  + key.name()
                  + "\"")
          .fact("table", table.name())
          .fact("constraint", key.name())
          .fact("missingFrom", parent.name())
          .build();
    }
  }

  private boolean mixesNulls(TableDefinition table, ForeignKey key) {
    List<Expression> nulls = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    for (int place : key.columns()) {
      Expression column = Syntax.column(table.name(), table.columns().get(place).name());
      nulls.add(new Expression.IsNull(column, false, NONE));
      values.add(new Expression.IsNull(column, true, NONE));
    }
    if (nulls.size() < 2) {
      return false;
    }
    Expression both =
        new Expression.And(
            List.of(new Expression.Or(nulls, NONE), new Expression.Or(values, NONE)), NONE);
    return exists(table, both);
  }

  private boolean yieldsRows(Query query) {
    PhysicalQuery planned = context.planning().plan(query, List.of(), List.of());
    try (ExecutionContext execution = context.statement().execution()) {
      execution.parameters(List.of(), planned.handedDown());
      try (Operator operator = planned.operator(execution)) {
        operator.open(execution);
        return operator.next() != null;
      }
    }
  }
}
