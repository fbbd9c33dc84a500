// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.ErrorCode;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.QueryBody;
import dev.varve.query.ast.SourceText;
import dev.varve.query.ast.Span;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.expression.Expression;
import dev.varve.query.function.ExpressionBuilder;
import dev.varve.query.plan.Assignment;
import dev.varve.query.plan.ColumnAllocator;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.Project;
import dev.varve.query.plan.Values;
import dev.varve.query.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what the names in a statement mean and what types its expressions have. One per statement;
 * one thread.
 */
public final class Binder {
  private final Binding binding;

  /** A binder for one statement. */
  public Binder(Catalog catalog, SourceText source, ExpressionBuilder builder) {
    this.binding = new Binding(catalog, source, builder, new ColumnAllocator());
  }

  /** The numbers of the columns of what is bound. */
  public ColumnAllocator columns() {
    return binding.columns();
  }

  /**
   * A query.
   *
   * @param given tables it can name besides those of the catalog
   * @param targets what its columns are stored as, null for those that are not stored; or empty. There may be
   *     more of them than columns
   */
  public BoundQuery query(
      Query query, List<GivenTable> given, List<? extends @Nullable Target> targets) {
    QueryBinder queries = new QueryBinder(binding, null, visible(given));
    if (targets.isEmpty()) {
      return queries.bind(query);
    }
    if (query.body() instanceof QueryBody.Values values
        && query.orderBy().isEmpty()
        && query.limit() == null
        && query.offset() == null
        && query.with().isEmpty()) {
      return values(values, visible(given), targets);
    }
    return store(queries.bind(query, true), targets);
  }

  private CteScope visible(List<GivenTable> given) {
    CteScope scope = CteScope.NONE;
    for (GivenTable table : given) {
      List<PlanColumn> columns = new ArrayList<>();
      for (int i = 0; i < table.columns().size(); i++) {
        columns.add(binding.columns().column(table.columns().get(i), table.types().get(i), true));
      }
      scope = scope.with(CteScope.Cte.given(table.name(), table.columns(), columns));
    }
    return scope;
  }

  private BoundQuery store(BoundQuery query, List<? extends @Nullable Target> targets) {
    checkWidth(query.columns().size(), targets.size());
    List<Assignment> assignments = new ArrayList<>();
    for (int i = 0; i < query.columns().size(); i++) {
      PlanColumn column = query.columns().get(i);
      Expression value = stored(SetOperationBinder.source(query.plan(), column), targets.get(i));
      assignments.add(
          new Assignment(
              binding.columns().column(column.name(), value.type(), column.nullable()), value));
    }
    Project project = new Project(query.plan(), assignments);
    return new BoundQuery(project, project.output());
  }

  /** There may be more targets than columns: an INSERT that leaves the last ones out. */
  private static void checkWidth(int found, int wanted) {
    if (found > wanted) {
      throw ErrorCode.SYNTAX_ERROR
          .error("INSERT has more expressions than target columns.")
          .build();
    }
  }

  private Expression stored(Expression value, @Nullable Target target) {
    ExpressionBuilder builder = binding.builder();
    return target == null
        ? builder.settle(value)
        : builder.assign(value, target.type(), target.column());
  }

  private BoundQuery values(
      QueryBody.Values values, CteScope ctes, List<? extends @Nullable Target> targets) {
    List<List<Expression>> rows = new ArrayList<>(values.rows().size());
    List<List<Block.Pending>> subqueries = new ArrayList<>();
    for (List<dev.varve.query.ast.Expression> row : values.rows()) {
      checkWidth(row.size(), targets.size());
      QueryBinder.checkLength(row, values.rows().get(0).size());
      Block block = new Block(null, ctes, Scope.EMPTY);
      block.setClause(Clause.VALUES);
      List<Expression> bound = new ArrayList<>(row.size());
      ExpressionBinder expressions = new ExpressionBinder(binding, block);
      for (int i = 0; i < row.size(); i++) {
        bound.add(stored(expressions.bind(row.get(i)), targets.get(i)));
      }
      rows.add(bound);
      subqueries.add(block.takePending());
    }
    List<PlanColumn> columns = new ArrayList<>();
    for (int i = 0; i < rows.get(0).size(); i++) {
      Target target = targets.get(i);
      SqlType type = target == null ? rows.get(0).get(i).type() : target.type();
      columns.add(binding.columns().column("column" + (i + 1), type, true));
    }
    if (subqueries.stream().allMatch(List::isEmpty)) {
      return new BoundQuery(new Values(columns, rows), columns);
    }
    return new QueryBinder(binding, null, ctes).valuesOverSubqueries(rows, subqueries, columns);
  }

  /**
   * A scalar expression over the rows of tables side by side, without subqueries and aggregates. Its
   * column references are positions, counted through the tables.
   */
  public Expression scalar(
      dev.varve.query.ast.Expression node, List<GivenTable> tables, @Nullable Target target) {
    Scope scope = Scope.EMPTY;
    List<PlanColumn> all = new ArrayList<>();
    for (GivenTable table : tables) {
      List<PlanColumn> columns = new ArrayList<>();
      for (int i = 0; i < table.columns().size(); i++) {
        columns.add(
            new PlanColumn(all.size() + i, table.columns().get(i), table.types().get(i), true));
      }
      all.addAll(columns);
      scope =
          scope.with(
              Scope.of(new Scope.Relation(table.name(), null, null), table.columns(), columns),
              Span.NONE);
    }
    Block block = new Block(null, CteScope.NONE, scope);
    block.setClause(Clause.OTHER);
    Expression bound = stored(new ExpressionBinder(binding, block).bind(node), target);
    if (!block.takePending().isEmpty()) {
      throw ErrorCode.NOT_SUPPORTED
          .error("Subqueries are not allowed in this expression.")
          .position(node.span().position())
          .build();
    }
    return bound;
  }

  /** The plan of a query whose result has exactly the columns given. */
  public static LogicalPlan exactly(BoundQuery query) {
    return Project.keeping(query.plan(), query.columns());
  }
}
