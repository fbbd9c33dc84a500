// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.ast.QueryBody;
import dev.varve.query.ast.QueryBody.SetOperation;
import dev.varve.query.ast.Span;
import dev.varve.query.expression.ComparisonOperator;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Position;
import dev.varve.query.expression.SortKey;
import dev.varve.query.function.ExpressionBuilder;
import dev.varve.query.function.WindowFrame;
import dev.varve.query.function.WindowFunction;
import dev.varve.query.plan.Aggregate;
import dev.varve.query.plan.Assignment;
import dev.varve.query.plan.Join;
import dev.varve.query.plan.JoinKind;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.Project;
import dev.varve.query.plan.UnionAll;
import dev.varve.query.plan.Window;
import dev.varve.query.type.Coercion;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TypeKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Binds UNION, INTERSECT and EXCEPT. The latter two become semi and anti joins in which NULL equals
 * NULL; with ALL, equal rows are numbered first, so that each finds at most one partner.
 */
final class SetOperationBinder {
  private final Binding binding;
  private final QueryBinder queries;

  SetOperationBinder(Binding binding, QueryBinder queries) {
    this.binding = binding;
    this.queries = queries;
  }

  BoundQuery bind(SetOperation operation, boolean keepsUnknown) {
    List<BoundQuery> inputs = new ArrayList<>(operation.inputs().size());
    for (QueryBody input : operation.inputs()) {
      inputs.add(queries.body(input, true));
    }
    List<SqlType> types = types(operation, inputs, keepsUnknown);
    List<BoundQuery> converted = new ArrayList<>(inputs.size());
    for (BoundQuery input : inputs) {
      converted.add(convert(binding, input, types));
    }
    return switch (operation.operator()) {
      case UNION -> union(converted, operation.all());
      case INTERSECT -> fold(converted, operation.all(), JoinKind.SEMI);
      case EXCEPT -> fold(converted, operation.all(), JoinKind.ANTI);
    };
  }

  private static List<SqlType> types(
      SetOperation operation, List<BoundQuery> inputs, boolean keepsUnknown) {
    int width = inputs.get(0).columns().size();
    List<SqlType> types = new ArrayList<>(width);
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).columns().size() != width) {
        throw ErrorCode.SYNTAX_ERROR
            .error("Each " + operation.operator() + " query must have the same number of columns.")
            .position(operation.inputs().get(i).span().position())
            .build();
      }
    }
    for (int c = 0; c < width; c++) {
      SqlType type = inputs.get(0).columns().get(c).type();
      for (int i = 1; i < inputs.size(); i++) {
        SqlType other = inputs.get(i).columns().get(c).type();
        type = common(operation, type, other, operation.inputs().get(i).span());
      }
      boolean open = type.kind() == TypeKind.UNKNOWN && !keepsUnknown;
      types.add(open ? SqlType.TEXT : type);
    }
    return types;
  }

  private static SqlType common(SetOperation operation, SqlType left, SqlType right, Span span) {
    if (left.kind() == TypeKind.UNKNOWN && right.kind() == TypeKind.UNKNOWN) {
      return SqlType.UNKNOWN;
    }
    SqlType common = Coercion.common(List.of(left, right));
    if (common == null) {
      throw mismatch(operation, left, right, span);
    }
    return common;
  }

  private static VarveException mismatch(
      SetOperation operation, SqlType left, SqlType right, Span span) {
    return ErrorCode.DATATYPE_MISMATCH
        .error(
            operation.operator()
                + " types "
                + left.withoutModifier()
                + " and "
                + right.withoutModifier()
                + " cannot be matched.")
        .position(span.position())
        .build();
  }

  /** The query with its columns converted to {@code types}. */
  static BoundQuery convert(Binding binding, BoundQuery query, List<SqlType> types) {
    ExpressionBuilder builder = binding.builder();
    List<PlanColumn> columns = query.columns();
    List<Assignment> assignments = new ArrayList<>(columns.size());
    List<PlanColumn> output = new ArrayList<>(columns.size());
    boolean same = true;
    for (int i = 0; i < columns.size(); i++) {
      PlanColumn column = columns.get(i);
      Expression source = source(query.plan(), column);
      Expression value = builder.coerce(source, types.get(i));
      PlanColumn result =
          column.type().equals(value.type())
              ? column
              : binding.columns().column(column.name(), value.type(), column.nullable());
      same &= result == column;
      assignments.add(
          result == column ? Assignment.identity(column) : new Assignment(result, value));
      output.add(result);
    }
    return same ? query : new BoundQuery(new Project(query.plan(), assignments), output);
  }

  static Expression source(LogicalPlan plan, PlanColumn column) {
    if (column.type().kind() == TypeKind.UNKNOWN && plan instanceof Project project) {
      for (Assignment assignment : project.assignments()) {
        if (assignment.column().id() == column.id()
            && (assignment.expression() instanceof Expression.Constant
                || assignment.expression() instanceof Expression.Parameter)) {
          return assignment.expression();
        }
      }
    }
    return column.reference();
  }

  private BoundQuery union(List<BoundQuery> inputs, boolean all) {
    List<PlanColumn> output = new ArrayList<>();
    for (int c = 0; c < inputs.get(0).columns().size(); c++) {
      boolean nullable = false;
      for (BoundQuery input : inputs) {
        nullable |= input.columns().get(c).nullable();
      }
      PlanColumn model = inputs.get(0).columns().get(c);
      output.add(binding.columns().column(model.name(), model.type(), nullable));
    }
    LogicalPlan plan =
        new UnionAll(
            inputs.stream().map(BoundQuery::plan).toList(),
            inputs.stream().map(input -> RecursiveBinder.ids(input.columns())).toList(),
            output);
    return new BoundQuery(all ? plan : Aggregate.distinct(plan), output);
  }

  private BoundQuery fold(List<BoundQuery> inputs, boolean all, JoinKind kind) {
    BoundQuery result = inputs.get(0);
    for (int i = 1; i < inputs.size(); i++) {
      result = all ? matchAll(result, inputs.get(i), kind) : match(result, inputs.get(i), kind);
    }
    return result;
  }

  private static BoundQuery match(BoundQuery left, BoundQuery right, JoinKind kind) {
    LogicalPlan kept = Project.keeping(left.plan(), left.columns());
    LogicalPlan distinct = new Aggregate(kept, distinctKeys(left.columns()), List.of());
    return new BoundQuery(
        new Join(kind, distinct, right.plan(), agreement(left.columns(), right.columns())),
        left.columns());
  }

  private static List<PlanColumn> distinctKeys(List<PlanColumn> columns) {
    return columns.stream().distinct().toList();
  }

  private BoundQuery matchAll(BoundQuery left, BoundQuery right, JoinKind kind) {
    BoundQuery numberedLeft = numbered(left);
    BoundQuery numberedRight = numbered(right);
    LogicalPlan join =
        new Join(
            kind,
            numberedLeft.plan(),
            numberedRight.plan(),
            agreement(numberedLeft.columns(), numberedRight.columns()));
    return new BoundQuery(join, left.columns());
  }

  private BoundQuery numbered(BoundQuery query) {
    List<Expression> partition = new ArrayList<>();
    query.columns().forEach(column -> partition.add(column.reference()));
    var call =
        binding
            .builder()
            .window(
                WindowFunction.ROW_NUMBER,
                List.of(),
                partition,
                List.<SortKey>of(),
                WindowFrame.DEFAULT,
                Position.NONE);
    PlanColumn number = binding.columns().column("row_number", call.type(), false);
    List<PlanColumn> columns = new ArrayList<>(query.columns());
    columns.add(number);
    return new BoundQuery(
        new Window(query.plan(), List.of(new Window.Item(number, call))), columns);
  }

  private static List<Expression> agreement(List<PlanColumn> left, List<PlanColumn> right) {
    List<Expression> conditions = new ArrayList<>(left.size());
    for (int i = 0; i < left.size(); i++) {
      conditions.add(
          new Expression.Comparison(
              ComparisonOperator.NOT_DISTINCT,
              left.get(i).reference(),
              right.get(i).reference(),
              Position.NONE));
    }
    return conditions;
  }
}
