// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.QueryBody;
import dev.varve.query.ast.QueryBody.SelectItem;
import dev.varve.query.ast.Span;
import dev.varve.query.ast.TableReference;
import dev.varve.query.binder.GivenTable;
import dev.varve.query.operator.ExecutionContext;
import dev.varve.query.operator.Operator;
import dev.varve.query.physical.PhysicalQuery;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RETURNING: a query over the changed rows, which stand in FROM under the name of the table, beside
 * the rows of the other tables of the statement if there are any.
 */
final class Returning {
  private static final String CHANGED = "$changed";

  private final PhysicalQuery query;
  private final List<SqlType> inputTypes;

  private Returning(PhysicalQuery query, List<SqlType> inputTypes) {
    this.query = query;
    this.inputTypes = inputTypes;
  }

  /** The clause {@code items} over changed rows of {@code target}; null without a clause. */
  static @Nullable Returning plan(
      List<SelectItem> items, TargetTable target, StatementContext.Planning planning) {
    if (items.isEmpty()) {
      return null;
    }
    Span span = items.get(0).span().to(items.get(items.size() - 1).span());
    GivenTable scope = TableWriter.scope(target.table(), target.alias());
    UpdatableView view = target.view();
    Identifier alias = new Identifier(target.alias(), span);
    TableReference table =
        view != null
            ? view.over(CHANGED, target.alias())
            : new TableReference.Named(
                new QualifiedName(List.of(new Identifier(CHANGED, span)), span),
                new TableReference.Alias(alias, List.of(), span),
                null,
                span);
    List<SelectItem> wanted = view == null ? items : withoutHidden(items, view, target.alias());
    QueryBody select =
        new QueryBody.Select(null, wanted, List.of(table), null, null, null, List.of(), span);
    Query query =
        new Query(List.of(), false, select, List.of(), null, false, null, List.of(), span);
    GivenTable changed = new GivenTable(CHANGED, scope.columns(), scope.types());
    return of(planning.plan(query, List.of(changed), List.of()), scope.types());
  }

  /** A star means the view's columns, not what is carried beside them. */
  private static List<SelectItem> withoutHidden(
      List<SelectItem> items, UpdatableView view, String alias) {
    List<SelectItem> wanted = new ArrayList<>();
    for (SelectItem item : items) {
      if (item instanceof SelectItem.Star) {
        view.columns().forEach(column -> wanted.add(Syntax.output(Syntax.column(alias, column))));
      } else {
        wanted.add(item);
      }
    }
    return wanted;
  }

  /** The clause as a query over {@code $changed}, whose columns have the types {@code inputTypes}. */
  static Returning of(PhysicalQuery query, List<SqlType> inputTypes) {
    return new Returning(query, List.copyOf(inputTypes));
  }

  static List<PlanColumn> columns(@Nullable Returning returning) {
    return returning == null ? List.of() : returning.query.columns();
  }

  /** Where the changed rows are to be put. */
  RowCollector input() {
    return new RowCollector(inputTypes);
  }

  /** The rows to be returned. */
  RowCollector output(RowCollector changed, StatementContext context) {
    List<SqlType> types = new ArrayList<>();
    query.columns().forEach(column -> types.add(column.type()));
    RowCollector output = new RowCollector(types);
    try (ExecutionContext execution = context.execution()) {
      execution.given(CHANGED, changed::operator);
      execution.parameters(java.util.Arrays.asList(context.parameters()), query.handedDown());
      try (Operator operator = query.operator(execution)) {
        operator.open(execution);
        for (Batch batch = operator.next(); batch != null; batch = operator.next()) {
          output.addAll(batch);
        }
      }
    }
    return output;
  }
}
