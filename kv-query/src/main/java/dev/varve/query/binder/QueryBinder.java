// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.ErrorCode;
import dev.varve.query.ast.Expression.IntegerLiteral;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.Query.CommonTable;
import dev.varve.query.ast.QueryBody;
import dev.varve.query.ast.SortItem;
import dev.varve.query.ast.Statement.QueryStatement;
import dev.varve.query.binder.CteScope.Cte;
import dev.varve.query.expression.Expression;
import dev.varve.query.function.ExpressionBuilder;
import dev.varve.query.plan.Assignment;
import dev.varve.query.plan.Join;
import dev.varve.query.plan.JoinKind;
import dev.varve.query.plan.Limit;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.Project;
import dev.varve.query.plan.Sort;
import dev.varve.query.plan.SortOrder;
import dev.varve.query.plan.UnionAll;
import dev.varve.query.plan.Values;
import dev.varve.query.plan.With;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TypeKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Binds whole queries: WITH, the body, ORDER BY and LIMIT. */
final class QueryBinder {
  private final Binding binding;
  private final @Nullable Block outer;
  private CteScope ctes;

  /** Binds queries inside {@code outer}, whose columns they may read. */
  QueryBinder(Binding binding, @Nullable Block outer, CteScope ctes) {
    this.binding = binding;
    this.outer = outer;
    this.ctes = ctes;
  }

  /** A query whose columns have types. */
  BoundQuery bind(Query query) {
    return bind(query, false);
  }

  /**
   * A query.
   *
   * @param keepsUnknown whether literals in the result may keep their type open
   */
  BoundQuery bind(Query query, boolean keepsUnknown) {
    List<With> definitions = commonTables(query.with(), query.recursive());
    BoundQuery bound = body(query, keepsUnknown);
    return new BoundQuery(define(definitions, bound.plan()), bound.columns());
  }

  /** Binds the tables of a WITH clause and makes them visible. */
  List<With> commonTables(List<CommonTable> tables, boolean recursive) {
    List<With> definitions = new ArrayList<>();
    for (CommonTable table : tables) {
      for (With earlier : definitions) {
        if (earlier.name().equals(table.name().name())) {
          throw ErrorCode.DUPLICATE_ALIAS
              .error("WITH query name \"" + earlier.name() + "\" specified more than once.")
              .position(table.span().position())
              .build();
        }
      }
      definitions.add(commonTable(table, recursive));
    }
    return definitions;
  }

  /** Puts definitions round a plan, the first outermost. */
  static LogicalPlan define(List<With> definitions, LogicalPlan body) {
    LogicalPlan plan = body;
    for (int i = definitions.size() - 1; i >= 0; i--) {
      With with = definitions.get(i);
      plan = with.withChildren(List.of(with.definition(), plan));
    }
    return plan;
  }

  private BoundQuery body(Query query, boolean keepsUnknown) {
    if (query.body() instanceof QueryBody.Select select) {
      return new SelectBinder(binding, outer, ctes).bind(select, query, keepsUnknown);
    }
    if (!query.locking().isEmpty()) {
      throw ErrorCode.NOT_SUPPORTED
          .error("FOR UPDATE is not allowed with UNION, INTERSECT, EXCEPT or VALUES.")
          .position(query.locking().get(0).span().position())
          .build();
    }
    BoundQuery bound = body(query.body(), keepsUnknown && query.orderBy().isEmpty());
    List<SortOrder> keys = orderByOutput(query.orderBy(), bound);
    LogicalPlan plan = keys.isEmpty() ? bound.plan() : new Sort(bound.plan(), keys);
    return new BoundQuery(limit(query, plan, keys), bound.columns());
  }

  /** A body without what may stand around it. */
  BoundQuery body(QueryBody body, boolean keepsUnknown) {
    if (body instanceof QueryBody.Select select) {
      return new SelectBinder(binding, outer, ctes).bind(select, null, keepsUnknown);
    } else if (body instanceof QueryBody.Nested nested) {
      return new QueryBinder(binding, outer, ctes).bind(nested.query(), keepsUnknown);
    } else if (body instanceof QueryBody.Values values) {
      return values(values, keepsUnknown);
    }
    return new SetOperationBinder(binding, this).bind((QueryBody.SetOperation) body, keepsUnknown);
  }

  // ORDER BY and LIMIT

  private List<SortOrder> orderByOutput(List<SortItem> items, BoundQuery bound) {
    List<SortOrder> keys = new ArrayList<>(items.size());
    for (SortItem item : items) {
      keys.add(
          new SortOrder(
              outputColumn(item, bound.columns()).id(), item.descending(), item.nullsFirst()));
    }
    return keys;
  }

  private static PlanColumn outputColumn(SortItem item, List<PlanColumn> columns) {
    if (item.expression() instanceof IntegerLiteral position) {
      return columns.get(position(position, columns.size(), "ORDER BY"));
    }
    if (item.expression() instanceof dev.varve.query.ast.Expression.ColumnReference reference
        && reference.parts().size() == 1) {
      PlanColumn found = null;
      for (PlanColumn column : columns) {
        if (column.name().equals(reference.name())) {
          if (found != null) {
            throw ErrorCode.AMBIGUOUS_COLUMN
                .error("ORDER BY \"" + reference.name() + "\" is ambiguous.")
                .position(item.span().position())
                .build();
          }
          found = column;
        }
      }
      if (found != null) {
        return found;
      }
      throw ErrorCode.UNDEFINED_COLUMN
          .error("Column \"" + reference.name() + "\" does not exist.")
          .position(item.span().position())
          .build();
    }
    SelectBinder.checkNoConstant(item.expression(), "ORDER BY");
    throw ErrorCode.NOT_SUPPORTED
        .error("Invalid UNION/INTERSECT/EXCEPT ORDER BY clause.")
        .hint("Only result column names can be used, not expressions or functions.")
        .position(item.span().position())
        .build();
  }

  /** The position that an integer in ORDER BY or GROUP BY means, from 0. */
  static int position(IntegerLiteral literal, int count, String clause) {
    if (literal.value() < 1 || literal.value() > count) {
      throw ErrorCode.INVALID_COLUMN_REFERENCE
          .error(clause + " position " + literal.value() + " is not in select list.")
          .position(literal.span().position())
          .build();
    }
    return (int) literal.value() - 1;
  }

  /** Applies LIMIT and OFFSET. */
  LogicalPlan limit(Query query, LogicalPlan plan, List<SortOrder> keys) {
    if (query.limit() == null && query.offset() == null) {
      return plan;
    }
    if (query.withTies() && keys.isEmpty()) {
      throw ErrorCode.SYNTAX_ERROR
          .error("WITH TIES cannot be specified without ORDER BY clause.")
          .position(query.span().position())
          .build();
    }
    Block block = new Block(outer, ctes, Scope.EMPTY);
    block.setClause(Clause.LIMIT);
    Expression count = rows(block, query.limit(), "LIMIT");
    Expression offset = rows(block, query.offset(), "OFFSET");
    Limit limited = new Limit(plan, count, offset, query.withTies() ? keys : List.of());
    List<Block.Pending> subqueries = block.takePending();
    return subqueries.isEmpty()
        ? limited
        : new Join(JoinKind.INNER, Block.attach(Values.oneRow(), subqueries), limited, List.of());
  }

  private @Nullable Expression rows(
      Block block, dev.varve.query.ast.@Nullable Expression node, String clause) {
    if (node == null) {
      return null;
    }
    ExpressionBuilder builder = binding.builder();
    Expression bound = new ExpressionBinder(binding, block).bind(node);
    TypeKind kind = bound.type().kind();
    if (kind != TypeKind.UNKNOWN && !kind.isNumber()) {
      throw ErrorCode.DATATYPE_MISMATCH
          .error(
              "The argument of " + clause + " must be type bigint, not type " + bound.type() + ".")
          .position(node.span().position())
          .build();
    }
    return kind == TypeKind.UNKNOWN || kind.isInteger()
        ? builder.coerce(bound, SqlType.BIGINT)
        : builder.cast(bound, SqlType.BIGINT, bound.position());
  }

  // VALUES

  private BoundQuery values(QueryBody.Values values, boolean keepsUnknown) {
    int width = values.rows().get(0).size();
    List<List<Expression>> rows = new ArrayList<>(values.rows().size());
    List<List<Block.Pending>> subqueries = new ArrayList<>();
    boolean anySubquery = false;
    for (List<dev.varve.query.ast.Expression> row : values.rows()) {
      checkLength(row, width);
      Block block = new Block(outer, ctes, Scope.EMPTY);
      block.setClause(Clause.VALUES);
      rows.add(new ExpressionBinder(binding, block).bindAll(row));
      subqueries.add(block.takePending());
      anySubquery |= !subqueries.get(subqueries.size() - 1).isEmpty();
    }
    List<PlanColumn> columns = unify(rows, width, keepsUnknown);
    return anySubquery
        ? valuesOverSubqueries(rows, subqueries, columns)
        : new BoundQuery(new Values(columns, rows), columns);
  }

  static void checkLength(List<dev.varve.query.ast.Expression> row, int width) {
    if (row.size() != width) {
      throw ErrorCode.SYNTAX_ERROR
          .error("VALUES lists must all be the same length.")
          .position(row.get(0).span().position())
          .build();
    }
  }

  private List<PlanColumn> unify(List<List<Expression>> rows, int width, boolean keepsUnknown) {
    ExpressionBuilder builder = binding.builder();
    List<PlanColumn> columns = new ArrayList<>(width);
    List<SqlType> types = new ArrayList<>(width);
    for (int i = 0; i < width; i++) {
      List<Expression> column = new ArrayList<>(rows.size());
      boolean allOpen = keepsUnknown;
      for (List<Expression> row : rows) {
        column.add(row.get(i));
        allOpen &= row.get(i).type().kind() == TypeKind.UNKNOWN;
      }
      SqlType type =
          allOpen
              ? SqlType.UNKNOWN
              : builder.commonType(column, "VALUES", column.get(0).position());
      types.add(type);
      columns.add(binding.columns().column("column" + (i + 1), type, true));
    }
    for (int r = 0; r < rows.size(); r++) {
      List<Expression> converted = new ArrayList<>(width);
      for (int i = 0; i < width; i++) {
        Expression value = rows.get(r).get(i);
        converted.add(
            types.get(i).kind() == TypeKind.UNKNOWN ? value : builder.coerce(value, types.get(i)));
      }
      rows.set(r, converted);
    }
    return columns;
  }

  BoundQuery valuesOverSubqueries(
      List<List<Expression>> rows, List<List<Block.Pending>> subqueries, List<PlanColumn> columns) {
    List<LogicalPlan> inputs = new ArrayList<>(rows.size());
    List<List<Integer>> inputColumns = new ArrayList<>(rows.size());
    for (int r = 0; r < rows.size(); r++) {
      List<Assignment> assignments = new ArrayList<>();
      List<Integer> ids = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        PlanColumn column = binding.columns().copy(columns.get(i));
        assignments.add(new Assignment(column, rows.get(r).get(i)));
        ids.add(column.id());
      }
      inputs.add(new Project(Block.attach(Values.oneRow(), subqueries.get(r)), assignments));
      inputColumns.add(ids);
    }
    return new BoundQuery(new UnionAll(inputs, inputColumns, columns), columns);
  }

  // WITH

  private With commonTable(CommonTable table, boolean recursive) {
    int number = binding.columns().cte();
    String name = table.name().name();
    BoundQuery bound;
    if (!(table.statement() instanceof QueryStatement statement)) {
      throw ExpressionBinder.unsupported(
          "WITH clause containing a data-modifying statement must be at the top level",
          table.span());
    }
    Query query = statement.query();
    bound =
        recursive
            ? new RecursiveBinder(binding, outer, ctes).bind(table, query, number)
            : new QueryBinder(binding, outer, ctes).bind(query);
    List<String> names = names(table, bound.columns());
    ctes = ctes.with(Cte.defined(name, number, names, bound.columns()));
    return new With(
        number,
        name,
        bound.plan(),
        bound.columns().stream().map(PlanColumn::id).toList(),
        Values.oneRow(),
        !Boolean.TRUE.equals(table.materialized()),
        Boolean.FALSE.equals(table.materialized()));
  }

  static List<String> names(CommonTable table, List<PlanColumn> columns) {
    List<String> names = new ArrayList<>();
    List<Identifier> given = table.columns();
    if (given.size() > columns.size()) {
      throw ErrorCode.INVALID_COLUMN_REFERENCE
          .error(
              "WITH query \""
                  + table.name().name()
                  + "\" has "
                  + columns.size()
                  + " columns available but "
                  + given.size()
                  + " columns specified.")
          .position(table.span().position())
          .build();
    }
    for (int i = 0; i < columns.size(); i++) {
      names.add(i < given.size() ? given.get(i).name() : columns.get(i).name());
    }
    return names;
  }

  CteScope ctes() {
    return ctes;
  }

  @Nullable Block outer() {
    return outer;
  }
}
