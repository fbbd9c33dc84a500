// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Expression.ComparisonOperator;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.QueryBody;
import dev.varve.query.ast.QueryBody.SelectItem;
import dev.varve.query.ast.Span;
import dev.varve.query.ast.TableReference;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Syntax trees of the queries that data statements run on their own account. */
public final class Syntax {
  private static final Span NONE = Span.NONE;

  private Syntax() {}

  public static Identifier name(String name) {
    return new Identifier(name, NONE);
  }

  public static QualifiedName qualified(@Nullable String schema, String name) {
    return new QualifiedName(
        schema == null ? List.of(name(name)) : List.of(name(schema), name(name)), NONE);
  }

  public static Expression column(String table, String column) {
    return new Expression.ColumnReference(List.of(name(table), name(column)), NONE);
  }

  public static Expression parameter(int index) {
    return new Expression.Parameter(index, NONE);
  }

  public static Expression equal(Expression left, Expression right) {
    return new Expression.Comparison(ComparisonOperator.EQUAL, left, right, NONE);
  }

  /** All of the conditions; null without any. */
  public static @Nullable Expression and(List<Expression> conditions) {
    return conditions.isEmpty()
        ? null
        : conditions.size() == 1 ? conditions.get(0) : new Expression.And(conditions, NONE);
  }

  /** A call of a function with plain arguments. */
  public static Expression call(String function, List<Expression> arguments) {
    return new Expression.FunctionCall(
        qualified(null, function),
        arguments,
        false,
        false,
        false,
        List.of(),
        List.of(),
        null,
        null,
        null,
        NONE);
  }

  public static SelectItem output(Expression expression) {
    return new SelectItem.Output(expression, null, expression.span());
  }

  /** The hidden key of a table's rows and then all of its columns. */
  public static List<SelectItem> keyAndColumns(TableDefinition table, String alias) {
    List<SelectItem> items = new ArrayList<>(table.columns().size() + 1);
    items.add(output(column(alias, RowKeys.COLUMN)));
    for (TableColumn column : table.columns()) {
      items.add(output(column(alias, column.name())));
    }
    return items;
  }

  public static TableReference table(TableDefinition table, String alias) {
    return new TableReference.Named(
        qualified(table.schema(), table.name()),
        new TableReference.Alias(name(alias), List.of(), NONE),
        null,
        NONE);
  }

  public static Query select(
      List<SelectItem> items, List<TableReference> from, @Nullable Expression where) {
    QueryBody body = new QueryBody.Select(null, items, from, where, null, null, List.of(), NONE);
    return query(body);
  }

  public static Query query(QueryBody body) {
    return new Query(List.of(), false, body, List.of(), null, false, null, List.of(), body.span());
  }
}
