// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.ErrorCode;
import dev.varve.query.ast.Expression.FunctionCall;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.QueryBody.NamedWindow;
import dev.varve.query.ast.SortItem;
import dev.varve.query.ast.WindowSpecification;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expressions;
import dev.varve.query.expression.Position;
import dev.varve.query.expression.SortKey;
import dev.varve.query.function.AggregateCall;
import dev.varve.query.function.ExpressionBuilder;
import dev.varve.query.function.FunctionRegistry;
import dev.varve.query.function.WindowCall;
import dev.varve.query.function.WindowFrame;
import dev.varve.query.function.WindowFunction;
import dev.varve.query.plan.ColumnSet;
import dev.varve.query.plan.FunctionScan;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.type.SqlType;
import dev.varve.query.type.TypeKind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Binds calls of scalar, aggregate, window and set-returning functions. */
final class CallBinder {
  private final Binding binding;
  private final Block block;
  private final ExpressionBinder expressions;
  private final ExpressionBuilder builder;
  private final FunctionRegistry functions;

  CallBinder(Binding binding, Block block, ExpressionBinder expressions) {
    this.binding = binding;
    this.block = block;
    this.expressions = expressions;
    this.builder = binding.builder();
    this.functions = builder.functions();
  }

  Expression bind(FunctionCall call) {
    String name = call.name().name();
    checkSchema(call);
    if (call.over() != null) {
      return window(call, name, call.over());
    }
    if (functions.isAggregate(name)) {
      return aggregate(call, name);
    }
    if (functions.isWindow(name)) {
      throw ErrorCode.WRONG_OBJECT_TYPE
          .error("Window function " + name + " requires an OVER clause.")
          .position(call.span().position())
          .build();
    }
    checkPlain(call, name);
    if (TableFunctions.isTableFunction(name)) {
      return setReturning(call, name);
    }
    return builder.call(name, expressions.bindAll(call.arguments()), place(call));
  }

  private void checkSchema(FunctionCall call) {
    String schema = call.name().schema();
    if (schema != null && !schema.equals("pg_catalog") && !binding.catalog().hasSchema(schema)) {
      throw ErrorCode.UNDEFINED_SCHEMA
          .error("Schema \"" + schema + "\" does not exist.")
          .position(call.span().position())
          .build();
    }
  }

  private static Position place(FunctionCall call) {
    return ExpressionBinder.at(call.span());
  }

  private static void checkPlain(FunctionCall call, String name) {
    String what =
        call.distinct()
            ? "DISTINCT"
            : call.filter() != null
                ? "FILTER"
                : !call.orderBy().isEmpty()
                    ? "ORDER BY"
                    : !call.withinGroup().isEmpty() ? "WITHIN GROUP" : null;
    if (what != null || call.isStar()) {
      throw ErrorCode.WRONG_OBJECT_TYPE
          .error(
              what == null
                  ? name + "(*) specified, but " + name + " is not an aggregate function."
                  : what + " specified, but " + name + " is not an aggregate function.")
          .position(call.span().position())
          .build();
    }
  }

  private Expression setReturning(FunctionCall call, String name) {
    if (!block.clause().allowsSetFunctions() || block.isInsideAggregate()) {
      throw ErrorCode.NOT_SUPPORTED
          .error("Set-returning functions are not allowed in " + block.clause().text() + ".")
          .position(call.span().position())
          .build();
    }
    FunctionScan.Call bound =
        TableFunctions.bind(builder, name, expressions.bindAll(call.arguments()), place(call));
    PlanColumn column = binding.columns().column(name, bound.function().columnTypes().get(0), true);
    block.setFunction(bound, column);
    return column.reference();
  }

  // Aggregates

  private Expression aggregate(FunctionCall call, String name) {
    AggregateParts parts = aggregateParts(call);
    Block owner = owner(parts);
    if (owner.isInsideAggregate()) {
      throw ErrorCode.GROUPING_ERROR
          .error("Aggregate function calls cannot be nested.")
          .position(call.span().position())
          .build();
    }
    if (!owner.clause().allowsAggregates()) {
      throw ErrorCode.GROUPING_ERROR
          .error("Aggregate functions are not allowed in " + owner.clause().text() + ".")
          .position(call.span().position())
          .build();
    }
    AggregateCall bound = aggregateCall(call, name, parts);
    PlanColumn column =
        owner.aggregate(bound, () -> binding.columns().column(name, bound.type(), true));
    return column.reference();
  }

  private record AggregateParts(
      List<Expression> arguments, @Nullable Expression filter, List<SortKey> orderBy) {}

  private AggregateParts aggregateParts(FunctionCall call) {
    if (!call.withinGroup().isEmpty()) {
      throw ExpressionBinder.unsupported("WITHIN GROUP is not supported", call.span());
    }
    boolean nested = block.isInsideAggregate();
    if (nested) {
      throw ErrorCode.GROUPING_ERROR
          .error("Aggregate function calls cannot be nested.")
          .position(call.span().position())
          .build();
    }
    block.setInsideAggregate(true);
    try {
      List<Expression> arguments = expressions.bindAll(call.arguments());
      Expression filter =
          call.filter() == null ? null : expressions.condition(call.filter(), "FILTER");
      return new AggregateParts(arguments, filter, sortKeys(call.orderBy()));
    } finally {
      block.setInsideAggregate(false);
    }
  }

  private AggregateCall aggregateCall(FunctionCall call, String name, AggregateParts parts) {
    if (call.arguments().isEmpty() && !call.isStar() && name.equals("count")) {
      throw ErrorCode.WRONG_OBJECT_TYPE
          .error("count(*) must be used to call a parameterless aggregate function.")
          .position(call.span().position())
          .build();
    }
    AggregateCall bound =
        builder.aggregate(
            name, parts.arguments(), call.distinct(), parts.filter(), parts.orderBy(), place(call));
    return call.distinct() ? distinctOrder(bound, call) : bound;
  }

  /** With DISTINCT, rows can only be ordered by what is distinct. */
  private static AggregateCall distinctOrder(AggregateCall bound, FunctionCall call) {
    List<SortKey> keys = new ArrayList<>(bound.orderBy().size());
    for (SortKey key : bound.orderBy()) {
      Expression argument = null;
      for (Expression each : bound.arguments()) {
        boolean same =
            each.equals(key.expression())
                || each instanceof Expression.Cast cast && cast.operand().equals(key.expression());
        argument = argument == null && same ? each : argument;
      }
      if (argument == null) {
        throw ErrorCode.INVALID_COLUMN_REFERENCE
            .error(
                "In an aggregate with DISTINCT, ORDER BY expressions must appear in argument list.")
            .position(call.span().position())
            .build();
      }
      keys.add(new SortKey(argument, key.descending(), key.nullsFirst()));
    }
    return new AggregateCall(
        bound.function(), bound.arguments(), true, bound.filter(), keys, bound.position());
  }

  /** The query level whose rows an aggregate goes over: the innermost one its arguments read. */
  private Block owner(AggregateParts parts) {
    List<Expression> all = new ArrayList<>(parts.arguments());
    if (parts.filter() != null) {
      all.add(parts.filter());
    }
    parts.orderBy().forEach(key -> all.add(key.expression()));
    BitSet read = ColumnSet.read(all);
    if (read.isEmpty() || block.belowAggregate().size() > 0) {
      return block;
    }
    for (Block at = block; at != null; at = at.outer) {
      for (int column = read.nextSetBit(0); column >= 0; column = read.nextSetBit(column + 1)) {
        if (at.isInput(column)) {
          return at;
        }
      }
    }
    return block;
  }

  List<SortKey> sortKeys(List<SortItem> items) {
    List<SortKey> keys = new ArrayList<>(items.size());
    for (SortItem item : items) {
      keys.add(
          new SortKey(
              expressions.settled(item.expression()), item.descending(), item.nullsFirst()));
    }
    return keys;
  }

  // Windows

  private Expression window(FunctionCall call, String name, WindowSpecification over) {
    if (!block.clause().allowsWindows() || block.isInsideAggregate()) {
      ErrorCode code =
          block.isInsideAggregate() ? ErrorCode.GROUPING_ERROR : ErrorCode.WINDOWING_ERROR;
      throw code.error(
              block.isInsideAggregate()
                  ? "Aggregate function calls cannot contain window function calls."
                  : "Window functions are not allowed in " + block.clause().text() + ".")
          .position(call.span().position())
          .build();
    }
    if (block.isInsideWindow()) {
      throw ErrorCode.WINDOWING_ERROR
          .error("Window function calls cannot be nested.")
          .position(call.span().position())
          .build();
    }
    block.setInsideWindow(true);
    try {
      WindowCall bound = windowCall(call, name, over);
      PlanColumn column =
          block.window(bound, () -> binding.columns().column(name, bound.type(), true));
      return column.reference();
    } finally {
      block.setInsideWindow(false);
    }
  }

  private WindowCall windowCall(FunctionCall call, String name, WindowSpecification over) {
    WindowSpecification specification = resolve(over);
    List<Expression> partitionBy = new ArrayList<>();
    for (dev.varve.query.ast.Expression each : specification.partitionBy()) {
      partitionBy.add(expressions.settled(each));
    }
    List<SortKey> orderBy = sortKeys(specification.orderBy());
    WindowFrame frame = frame(specification.frame(), orderBy);
    WindowFunction function = WindowFunction.named(name);
    List<Expression> arguments = expressions.bindAll(call.arguments());
    if (function != null) {
      if (call.distinct() || call.filter() != null || !call.orderBy().isEmpty()) {
        throw ExpressionBinder.unsupported(
            "DISTINCT, FILTER and ORDER BY are not implemented for window functions that are no"
                + " aggregates",
            call.span());
      }
      return builder.window(function, arguments, partitionBy, orderBy, frame, place(call));
    }
    if (!functions.isAggregate(name)) {
      builder.call(name, arguments, place(call));
      throw ErrorCode.WRONG_OBJECT_TYPE
          .error(
              "OVER specified, but "
                  + name
                  + " is not a window function nor an aggregate function.")
          .position(call.span().position())
          .build();
    }
    if (call.distinct() || !call.orderBy().isEmpty()) {
      throw ExpressionBinder.unsupported(
          (call.distinct() ? "DISTINCT" : "Aggregate ORDER BY")
              + " is not implemented for window functions",
          call.span());
    }
    Expression filter =
        call.filter() == null ? null : expressions.condition(call.filter(), "FILTER");
    AggregateCall aggregate =
        aggregateCall(call, name, new AggregateParts(arguments, filter, List.of()));
    return new WindowCall(
        null, aggregate, List.of(), partitionBy, orderBy, frame, aggregate.type(), place(call));
  }

  private WindowSpecification resolve(WindowSpecification over) {
    Identifier name = over.base();
    if (name == null) {
      return over;
    }
    WindowSpecification base = null;
    for (NamedWindow window : block.namedWindows()) {
      if (window.name().name().equals(name.name())) {
        base = resolve(window.specification());
      }
    }
    if (base == null) {
      throw ErrorCode.UNDEFINED_OBJECT
          .error("Window \"" + name.name() + "\" does not exist.")
          .position(name.span().position())
          .build();
    }
    if (over.isReference()) {
      return base;
    }
    String wrong =
        !over.partitionBy().isEmpty()
            ? "Cannot override PARTITION BY clause of window \""
            : !over.orderBy().isEmpty() && !base.orderBy().isEmpty()
                ? "Cannot override ORDER BY clause of window \""
                : base.frame() != null
                    ? "Cannot copy, because it has a frame clause, window \""
                    : null;
    if (wrong != null) {
      throw ErrorCode.WINDOWING_ERROR
          .error(wrong + name.name() + "\".")
          .position(over.span().position())
          .build();
    }
    return new WindowSpecification(
        null,
        false,
        base.partitionBy(),
        over.orderBy().isEmpty() ? base.orderBy() : over.orderBy(),
        over.frame(),
        over.span());
  }

  private WindowFrame frame(WindowSpecification.@Nullable Frame frame, List<SortKey> orderBy) {
    if (frame == null) {
      return WindowFrame.DEFAULT;
    }
    WindowFrame.Unit unit = WindowFrame.Unit.valueOf(frame.unit().name());
    check(frame, unit, orderBy);
    return new WindowFrame(
        unit,
        bound(frame.start(), unit, orderBy),
        bound(frame.end(), unit, orderBy),
        WindowFrame.Exclusion.valueOf(frame.exclusion().name()));
  }

  private static void check(
      WindowSpecification.Frame frame, WindowFrame.Unit unit, List<SortKey> orderBy) {
    boolean hasOffset = frame.start().offset() != null || frame.end().offset() != null;
    String wrong = null;
    ErrorCode code = ErrorCode.WINDOWING_ERROR;
    if (frame.start().kind() == WindowSpecification.BoundKind.UNBOUNDED_FOLLOWING) {
      wrong = "Frame start cannot be UNBOUNDED FOLLOWING.";
    } else if (frame.end().kind() == WindowSpecification.BoundKind.UNBOUNDED_PRECEDING) {
      wrong = "Frame end cannot be UNBOUNDED PRECEDING.";
    } else if (frame.start().kind().compareTo(frame.end().kind()) > 0) {
      wrong =
          frame.start().kind() == WindowSpecification.BoundKind.FOLLOWING
              ? "Frame starting from following row cannot end before it."
              : "Frame starting from current row cannot have preceding rows.";
    } else if (unit == WindowFrame.Unit.RANGE && hasOffset && orderBy.size() != 1) {
      wrong = "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column.";
    } else if (unit == WindowFrame.Unit.GROUPS && orderBy.isEmpty()) {
      wrong = "GROUPS mode requires an ORDER BY clause.";
    }
    if (wrong != null) {
      throw code.error(wrong).position(frame.span().position()).build();
    }
  }

  private WindowFrame.Bound bound(
      WindowSpecification.Bound bound, WindowFrame.Unit unit, List<SortKey> orderBy) {
    WindowFrame.BoundKind kind = WindowFrame.BoundKind.valueOf(bound.kind().name());
    dev.varve.query.ast.Expression offset = bound.offset();
    if (offset == null) {
      return new WindowFrame.Bound(kind, null);
    }
    Expression value = expressions.bind(offset);
    if (Expressions.anyMatch(value, e -> e instanceof Expression.ColumnReference)) {
      throw ErrorCode.INVALID_COLUMN_REFERENCE
          .error("Argument of " + unit + " must not contain variables.")
          .position(offset.span().position())
          .build();
    }
    SqlType type =
        unit == WindowFrame.Unit.RANGE
            ? offsetType(orderBy.get(0).expression().type(), offset)
            : SqlType.BIGINT;
    return new WindowFrame.Bound(kind, builder.coerce(value, type));
  }

  private static SqlType offsetType(SqlType order, dev.varve.query.ast.Expression offset) {
    TypeKind kind = order.kind();
    if (kind.isNumber()) {
      return kind == TypeKind.REAL ? SqlType.DOUBLE : order.withoutModifier();
    }
    if (kind.category() == TypeKind.Category.DATETIME
        || kind.category() == TypeKind.Category.TIMESPAN) {
      return SqlType.INTERVAL;
    }
    throw ErrorCode.NOT_SUPPORTED
        .error(
            "RANGE with offset PRECEDING/FOLLOWING is not supported for column type " + order + ".")
        .position(offset.span().position())
        .build();
  }
}
