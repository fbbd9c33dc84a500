// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.ErrorCode;
import dev.varve.query.ast.Expression.IntegerLiteral;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.QueryBody;
import dev.varve.query.ast.QueryBody.GroupBy;
import dev.varve.query.ast.QueryBody.GroupingElement;
import dev.varve.query.ast.QueryBody.Select;
import dev.varve.query.ast.SortItem;
import dev.varve.query.ast.Span;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expressions;
import dev.varve.query.plan.Aggregate;
import dev.varve.query.plan.Assignment;
import dev.varve.query.plan.DistinctOn;
import dev.varve.query.plan.Filter;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.Project;
import dev.varve.query.plan.ProjectSet;
import dev.varve.query.plan.Sort;
import dev.varve.query.plan.SortOrder;
import dev.varve.query.plan.Window;
import dev.varve.query.type.TypeKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Binds one SELECT. Expressions of all clauses are bound over the columns of FROM first; if there turn
 * out to be groups, {@link Regrouping} then rewrites those that stand above them.
 */
final class SelectBinder {
  private final Binding binding;
  private final @Nullable Block outer;
  private final Block block;
  private final ExpressionBinder expressions;
  private final QueryBinder queries;

  SelectBinder(Binding binding, @Nullable Block outer, CteScope ctes) {
    this.binding = binding;
    this.outer = outer;
    this.block = new Block(outer, ctes, Scope.EMPTY);
    this.expressions = new ExpressionBinder(binding, block);
    this.queries = new QueryBinder(binding, outer, ctes);
  }

  /** A column of the result as far as it is bound: it has an expression, and a name. */
  private static final class Output {
    final String name;
    Expression expression;

    Output(String name, Expression expression) {
      this.name = name;
      this.expression = expression;
    }
  }

  /** A key of ORDER BY or DISTINCT ON: one of the outputs, or an expression of its own. */
  private static final class Key {
    final boolean descending;
    final boolean nullsFirst;
    int output;
    @Nullable Expression expression;
    final Span span;

    Key(int output, @Nullable Expression expression, SortItem item) {
      this(output, expression, item.descending(), item.nullsFirst(), item.span());
    }

    Key(
        int output,
        @Nullable Expression expression,
        boolean descending,
        boolean nullsFirst,
        Span span) {
      this.output = output;
      this.expression = expression;
      this.descending = descending;
      this.nullsFirst = nullsFirst;
      this.span = span;
    }
  }

  /**
   * A SELECT and what stands around it.
   *
   * @param tail the query whose ORDER BY, LIMIT and locking apply, or null
   */
  BoundQuery bind(Select select, @Nullable Query tail, boolean keepsUnknown) {
    block.setNamedWindows(select.windows());
    FromBinder from = new FromBinder(binding, outer, block.ctes);
    FromBinder.Result source = from.bind(select.from());
    block.setScope(source.scope());
    LogicalPlan plan = where(source.plan(), select);

    block.setClause(Clause.SELECT);
    List<Output> outputs = outputs(select.items(), keepsUnknown);
    block.setClause(Clause.ORDER_BY);
    List<Key> orderBy = tail == null ? List.of() : keys(tail.orderBy(), outputs);
    block.setClause(Clause.DISTINCT_ON);
    List<Key> distinctOn = distinctOn(select, outputs);
    List<Block.Pending> outputSubqueries = block.takePending();
    block.setClause(Clause.HAVING);
    Expression having =
        select.having() == null ? null : expressions.condition(select.having(), "HAVING");
    List<Block.Pending> havingSubqueries = block.takePending();
    block.setClause(Clause.GROUP_BY);
    List<Expression> groups = groups(select, outputs);

    Regrouping regrouping = null;
    if (select.groupBy() != null || having != null || !block.aggregates().isEmpty()) {
      regrouping = new Regrouping(binding, block, groups);
      plan = Block.attach(block.attach(plan), block.belowAggregate());
      plan = regrouping.below(plan);
      Expression condition = having == null ? null : regrouping.rewrite(having);
      List<Block.Pending> subqueries = regrouping.rewriteAll(havingSubqueries);
      regroup(regrouping, outputs, orderBy, distinctOn);
      List<Block.Pending> windowSubqueries = regrouping.rewriteAll(block.belowWindow());
      outputSubqueries = regrouping.rewriteAll(outputSubqueries);
      List<Window.Item> windows = regrouping.windows(block.windows());
      List<dev.varve.query.plan.FunctionScan.Call> calls = regrouping.calls(block.setCalls());
      plan = Block.attach(regrouping.aggregate(plan, block.aggregates()), subqueries);
      plan = condition == null ? plan : Filter.of(plan, Expressions.conjuncts(condition));
      plan = above(plan, windowSubqueries, windows, outputSubqueries, calls);
    } else {
      plan = above(plan, block.belowWindow(), block.windows(), outputSubqueries, block.setCalls());
    }
    return finish(select, tail, plan, outputs, orderBy, distinctOn);
  }

  private LogicalPlan where(LogicalPlan plan, Select select) {
    if (select.where() == null) {
      return plan;
    }
    block.setClause(Clause.WHERE);
    Expression condition = expressions.condition(select.where(), "WHERE");
    return Filter.of(block.attach(plan), Expressions.conjuncts(condition));
  }

  private LogicalPlan above(
      LogicalPlan below,
      List<Block.Pending> windowSubqueries,
      List<Window.Item> windows,
      List<Block.Pending> outputSubqueries,
      List<dev.varve.query.plan.FunctionScan.Call> calls) {
    LogicalPlan plan = Block.attach(below, windowSubqueries);
    if (!windows.isEmpty()) {
      plan = new Window(plan, windows);
    }
    plan = Block.attach(plan, outputSubqueries);
    return calls.isEmpty() ? plan : new ProjectSet(plan, calls, block.setColumns());
  }

  private static void regroup(
      Regrouping regrouping, List<Output> outputs, List<Key> orderBy, List<Key> distinctOn) {
    for (Output output : outputs) {
      output.expression = regrouping.rewrite(output.expression);
    }
    for (List<Key> keys : List.of(orderBy, distinctOn)) {
      for (Key key : keys) {
        if (key.expression != null) {
          key.expression = regrouping.rewrite(key.expression);
        }
      }
    }
  }

  // The select list

  private List<Output> outputs(List<QueryBody.SelectItem> items, boolean keepsUnknown) {
    List<Output> outputs = new ArrayList<>();
    for (QueryBody.SelectItem item : items) {
      if (item instanceof QueryBody.SelectItem.Star star) {
        for (Scope.Entry entry : SelectItems.star(block.scope(), star)) {
          outputs.add(new Output(entry.name(), entry.expression()));
        }
      } else if (item instanceof QueryBody.SelectItem.Output output) {
        Expression bound = expressions.bind(output.expression());
        boolean isOpen = keepsUnknown && bound.type().kind() == TypeKind.UNKNOWN;
        outputs.add(
            new Output(SelectItems.name(output), isOpen ? bound : binding.builder().settle(bound)));
      }
    }
    return outputs;
  }

  // GROUP BY

  private List<Expression> groups(Select select, List<Output> outputs) {
    List<Expression> groups = new ArrayList<>();
    GroupBy groupBy = select.groupBy();
    if (groupBy == null) {
      return groups;
    }
    for (GroupingElement element : groupBy.elements()) {
      if (element instanceof GroupingElement.Single single) {
        Expression group = group(single.expression(), select, outputs);
        if (!groups.contains(group)) {
          groups.add(group);
        }
      } else if (!(element instanceof GroupingElement.Empty)) {
        throw ExpressionBinder.unsupported(
            "GROUPING SETS, ROLLUP and CUBE are not supported", element.span());
      }
    }
    return groups;
  }

  private Expression group(
      dev.varve.query.ast.Expression node, Select select, List<Output> outputs) {
    if (node instanceof IntegerLiteral literal) {
      int position = QueryBinder.position(literal, outputs.size(), "GROUP BY");
      return groupByOutput(position, select, outputs, literal.span());
    }
    if (node instanceof dev.varve.query.ast.Expression.ColumnReference reference
        && reference.parts().size() == 1
        && block.scope().named(reference.name()).isEmpty()) {
      int position = outputNamed(reference.name(), outputs, "GROUP BY", node.span());
      if (position >= 0) {
        return groupByOutput(position, select, outputs, node.span());
      }
    }
    checkNoConstant(node, "GROUP BY");
    return expressions.settled(node);
  }

  private Expression groupByOutput(int position, Select select, List<Output> outputs, Span span) {
    int at = 0;
    for (QueryBody.SelectItem item : select.items()) {
      if (item instanceof QueryBody.SelectItem.Star star) {
        at += SelectItems.star(block.scope(), star).size();
      } else if (item instanceof QueryBody.SelectItem.Output output && at++ == position) {
        return expressions.settled(output.expression());
      }
      if (at > position) {
        break;
      }
    }
    return outputs.get(position).expression;
  }

  private static int outputNamed(String name, List<Output> outputs, String clause, Span span) {
    int found = -1;
    for (int i = 0; i < outputs.size(); i++) {
      if (outputs.get(i).name.equals(name)) {
        if (found >= 0 && !outputs.get(found).expression.equals(outputs.get(i).expression)) {
          throw ErrorCode.AMBIGUOUS_COLUMN
              .error(clause + " \"" + name + "\" is ambiguous.")
              .position(span.position())
              .build();
        }
        found = found < 0 ? i : found;
      }
    }
    return found;
  }

  // ORDER BY and DISTINCT ON

  private List<Key> keys(List<SortItem> items, List<Output> outputs) {
    List<Key> keys = new ArrayList<>(items.size());
    for (SortItem item : items) {
      int output = outputOf(item.expression(), outputs, "ORDER BY");
      keys.add(new Key(output, output < 0 ? own(item.expression()) : null, item));
    }
    return keys;
  }

  private Expression own(dev.varve.query.ast.Expression node) {
    checkNoConstant(node, block.clause().text());
    return expressions.settled(node);
  }

  /** A constant that is no position orders nothing: most likely a slip. */
  static void checkNoConstant(dev.varve.query.ast.Expression node, String clause) {
    if (node instanceof dev.varve.query.ast.Expression.StringLiteral
        || node instanceof dev.varve.query.ast.Expression.NullLiteral
        || node instanceof dev.varve.query.ast.Expression.BooleanLiteral
        || node instanceof dev.varve.query.ast.Expression.DecimalLiteral) {
      throw ErrorCode.SYNTAX_ERROR
          .error("Non-integer constant in " + clause + ".")
          .position(node.span().position())
          .build();
    }
  }

  private static int outputOf(
      dev.varve.query.ast.Expression node, List<Output> outputs, String clause) {
    if (node instanceof IntegerLiteral literal) {
      return QueryBinder.position(literal, outputs.size(), clause);
    }
    if (node instanceof dev.varve.query.ast.Expression.ColumnReference reference
        && reference.parts().size() == 1) {
      return outputNamed(reference.name(), outputs, clause, node.span());
    }
    return -1;
  }

  private List<Key> distinctOn(Select select, List<Output> outputs) {
    List<Key> keys = new ArrayList<>();
    if (select.distinct() != null) {
      for (dev.varve.query.ast.Expression node : select.distinct().on()) {
        int output = outputOf(node, outputs, "SELECT DISTINCT ON");
        keys.add(new Key(output, output < 0 ? own(node) : null, false, false, node.span()));
      }
    }
    return keys;
  }

  // The end: projection, DISTINCT, ORDER BY, LIMIT

  private BoundQuery finish(
      Select select,
      @Nullable Query tail,
      LogicalPlan below,
      List<Output> outputs,
      List<Key> orderBy,
      List<Key> distinctOn) {
    boolean isDistinct = select.distinct() != null && distinctOn.isEmpty();
    List<Assignment> assignments = new ArrayList<>();
    List<PlanColumn> columns = new ArrayList<>();
    for (Output output : outputs) {
      PlanColumn column = column(below, output.name, output.expression);
      assignments.add(new Assignment(column, output.expression));
      columns.add(column);
    }
    List<SortOrder> sort = new ArrayList<>();
    for (Key key : orderBy) {
      sort.add(
          new SortOrder(
              hidden(key, isDistinct, below, assignments, outputs).id(),
              key.descending,
              key.nullsFirst));
    }
    List<Integer> on = new ArrayList<>();
    for (Key key : distinctOn) {
      on.add(hidden(key, false, below, assignments, outputs).id());
    }
    Locking locking = new Locking(block.scope(), tail == null ? List.of() : tail.locking());
    locking.check(select, !block.aggregates().isEmpty(), !block.windows().isEmpty());
    assignments.addAll(locking.keys());

    LogicalPlan plan = new Project(below, assignments);
    if (isDistinct) {
      plan = new Aggregate(plan, columns, List.of());
    }
    plan = ordered(plan, sort, on, select);
    plan = locking.lock(plan);
    plan = tail == null ? plan : queries.limit(tail, plan, sort);
    return new BoundQuery(plan, columns);
  }

  private PlanColumn column(LogicalPlan below, String name, Expression expression) {
    boolean nullable = true;
    if (expression instanceof Expression.ColumnReference reference) {
      for (PlanColumn each : below.output()) {
        nullable = each.id() == reference.column() ? each.nullable() : nullable;
      }
    } else if (expression instanceof Expression.Constant constant) {
      nullable = constant.value() == null;
    }
    return binding.columns().column(name, expression.type(), nullable);
  }

  private PlanColumn hidden(
      Key key,
      boolean isDistinct,
      LogicalPlan below,
      List<Assignment> assignments,
      List<Output> outputs) {
    if (key.expression == null) {
      return assignments.get(key.output).column();
    }
    for (Assignment assignment : assignments) {
      if (assignment.expression().equals(key.expression)) {
        return assignment.column();
      }
    }
    if (isDistinct) {
      throw ErrorCode.INVALID_COLUMN_REFERENCE
          .error("For SELECT DISTINCT, ORDER BY expressions must appear in select list.")
          .position(key.span.position())
          .build();
    }
    PlanColumn column = column(below, "sort", key.expression);
    assignments.add(new Assignment(column, key.expression));
    return column;
  }

  private static LogicalPlan ordered(
      LogicalPlan plan, List<SortOrder> sort, List<Integer> on, Select select) {
    if (on.isEmpty()) {
      return sort.isEmpty() ? plan : new Sort(plan, sort);
    }
    List<SortOrder> keys = new ArrayList<>(sort);
    List<Integer> leading = new ArrayList<>();
    for (int i = 0; i < sort.size() && !leading.containsAll(on); i++) {
      int column = sort.get(i).column();
      if (!on.contains(column)) {
        throw ErrorCode.INVALID_COLUMN_REFERENCE
            .error("SELECT DISTINCT ON expressions must match initial ORDER BY expressions.")
            .position(select.distinct() == null ? 0 : select.distinct().span().position())
            .build();
      }
      leading.add(column);
    }
    for (int column : on) {
      if (!leading.contains(column)) {
        keys.add(new SortOrder(column, false, false));
      }
    }
    return new DistinctOn(new Sort(plan, keys), on);
  }
}
