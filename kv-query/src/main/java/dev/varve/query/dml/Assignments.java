// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.ast.DataStatement.Assignment;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.QueryBody;
import dev.varve.query.ast.QueryBody.SelectItem;
import dev.varve.query.ast.Span;
import dev.varve.query.ast.TableReference;
import dev.varve.query.binder.Target;
import dev.varve.query.catalog.TableColumn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SET clause: one value for each column that is assigned to. */
final class Assignments {
  private final TargetTable target;
  private final StatementContext.Planning planning;

  Assignments(TargetTable target, StatementContext.Planning planning) {
    this.target = target;
    this.planning = planning;
  }

  /** One column and its value. */
  record Single(int column, Expression value) {}

  /** Takes an assignment apart. */
  List<Single> split(Assignment assignment) {
    List<Single> singles = new ArrayList<>();
    List<Identifier> names = assignment.columns();
    for (int i = 0; i < names.size(); i++) {
      int column = target.column(names.get(i));
      Expression value = assignment.isRow() ? part(assignment, i) : assignment.value();
      singles.add(new Single(column, withDefault(value, column, names.get(i))));
    }
    return singles;
  }

  /** Adds the columns and values of an assignment to those of the statement. */
  void add(
      Assignment assignment,
      List<Integer> assigned,
      List<SelectItem> items,
      List<@Nullable Target> targets) {
    for (Single single : split(assignment)) {
      TableColumn column = target.table().columns().get(single.column());
      if (assigned.contains(single.column())) {
        throw error(assignment, "multiple assignments to same column \"" + column.name() + "\"")
            .build();
      }
      assigned.add(single.column());
      items.add(Syntax.output(single.value()));
      targets.add(new Target(column.type(), column.name()));
    }
  }

  private Expression withDefault(Expression value, int column, Identifier name) {
    TableColumn definition = target.table().columns().get(column);
    boolean isDefault = value instanceof Expression.Default;
    if (!isDefault
        && (definition.generatedText() != null
            || definition.identity() == TableColumn.Identity.ALWAYS)) {
      throw planning
          .source()
          .error(
              ErrorCode.GENERATED_ALWAYS,
              name.span(),
              "column \"" + name + "\" can only be updated to DEFAULT")
          .fact("table", target.table().name())
          .build();
    }
    if (!isDefault) {
      return value;
    }
    return definition.generatedText() != null
        ? new Expression.NullLiteral(value.span())
        : Defaults.expression(definition, planning.catalog());
  }

  /** The {@code index}-th value of a row or of a query of several columns. */
  private Expression part(Assignment assignment, int index) {
    int width = assignment.columns().size();
    Expression value = assignment.value();
    if (value instanceof Expression.RowConstructor row) {
      if (row.values().size() != width) {
        throw error(assignment, "number of columns does not match number of values").build();
      }
      return row.values().get(index);
    }
    if (value instanceof Expression.ScalarSubquery subquery) {
      if (subquery.query().body() instanceof QueryBody.Select select
          && select.items().size() != width
          && select.items().stream().noneMatch(SelectItem.Star.class::isInstance)) {
        throw error(assignment, "number of columns does not match number of values").build();
      }
      return width == 1 ? subquery : column(subquery, width, index);
    }
    if (width == 1) {
      return value;
    }
    throw error(
            assignment,
            "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression")
        .build();
  }

  private static Expression column(Expression.ScalarSubquery subquery, int width, int index) {
    Span span = subquery.span();
    List<Identifier> names = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      names.add(new Identifier("c" + i, span));
    }
    TableReference rows =
        new TableReference.Derived(
            subquery.query(),
            false,
            new TableReference.Alias(new Identifier("$set", span), names, span),
            span);
    Query one =
        Syntax.select(
            List.of(Syntax.output(Syntax.column("$set", "c" + index))), List.of(rows), null);
    return new Expression.ScalarSubquery(one, span);
  }

  private VarveException.Builder error(Assignment assignment, String sentence) {
    return planning.source().error(ErrorCode.SYNTAX_ERROR, assignment.span(), sentence);
  }
}
