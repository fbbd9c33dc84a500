// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.binder;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.Query.CommonTable;
import dev.varve.query.ast.QueryBody;
import dev.varve.query.ast.QueryBody.SetOperation;
import dev.varve.query.ast.QueryBody.SetOperator;
import dev.varve.query.ast.Span;
import dev.varve.query.binder.CteScope.Cte;
import dev.varve.query.plan.CteScan;
import dev.varve.query.plan.LogicalPlan;
import dev.varve.query.plan.PlanColumn;
import dev.varve.query.plan.RecursiveUnion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Binds a common table expression that may refer to itself. */
final class RecursiveBinder {
  private final Binding binding;
  private final @Nullable Block outer;
  private final CteScope ctes;

  RecursiveBinder(Binding binding, @Nullable Block outer, CteScope ctes) {
    this.binding = binding;
    this.outer = outer;
    this.ctes = ctes;
  }

  BoundQuery bind(CommonTable table, Query query, int number) {
    String name = table.name().name();
    CteScope forbidding = ctes.with(Cte.forbidden(name));
    if (!(query.body() instanceof SetOperation union)
        || union.operator() != SetOperator.UNION
        || !query.with().isEmpty()) {
      return new QueryBinder(binding, outer, forbidding).bind(query);
    }
    List<QueryBody> inputs = union.inputs();
    List<QueryBody> first = inputs.subList(0, inputs.size() - 1);
    QueryBody anchorBody =
        first.size() == 1
            ? first.get(0)
            : new SetOperation(union.operator(), union.all(), first, union.span());
    BoundQuery anchor = new QueryBinder(binding, outer, forbidding).body(anchorBody, false);
    List<String> names = QueryBinder.names(table, anchor.columns());
    CteScope visible = ctes.with(Cte.defined(name, number, names, anchor.columns()));
    BoundQuery step =
        new QueryBinder(binding, outer, visible).body(inputs.get(inputs.size() - 1), false);
    if (!reads(step.plan(), number)) {
      return new QueryBinder(binding, outer, forbidding).bind(query);
    }
    if (!query.orderBy().isEmpty() || query.limit() != null || query.offset() != null) {
      throw ExpressionBinder.unsupported(
          "ORDER BY and LIMIT in a recursive query are not implemented", query.span());
    }
    return union(table, number, anchor, step, !union.all());
  }

  private BoundQuery union(
      CommonTable table, int number, BoundQuery anchor, BoundQuery step, boolean distinct) {
    int width = anchor.columns().size();
    if (step.columns().size() != width) {
      throw ErrorCode.SYNTAX_ERROR
          .error("Each UNION query must have the same number of columns.")
          .position(table.span().position())
          .build();
    }
    List<PlanColumn> output = new ArrayList<>(width);
    for (int i = 0; i < width; i++) {
      PlanColumn column = anchor.columns().get(i);
      PlanColumn other = step.columns().get(i);
      if (column.type().kind() != other.type().kind()
          && dev.varve.query.type.Coercion.between(other.type().kind(), column.type().kind())
              != dev.varve.query.type.Coercion.IMPLICIT) {
        throw mismatch(table, i, column, other);
      }
      output.add(binding.columns().column(column.name(), column.type(), true));
    }
    BoundQuery converted =
        SetOperationBinder.convert(
            binding, step, anchor.columns().stream().map(PlanColumn::type).toList());
    LogicalPlan plan =
        new RecursiveUnion(
            number,
            anchor.plan(),
            converted.plan(),
            ids(anchor.columns()),
            ids(converted.columns()),
            output,
            distinct);
    return new BoundQuery(plan, output);
  }

  private static VarveException mismatch(
      CommonTable table, int index, PlanColumn anchor, PlanColumn step) {
    return ErrorCode.DATATYPE_MISMATCH
        .error(
            "Recursive query \""
                + table.name().name()
                + "\" column "
                + (index + 1)
                + " has type "
                + anchor.type()
                + " in non-recursive term but type "
                + step.type()
                + " overall.")
        .hint("Cast the output of the non-recursive term to the correct type.")
        .position(table.span().position())
        .build();
  }

  /** What a reference to a recursive query inside its own anchor is told. */
  static VarveException forbidden(String name, Span span) {
    return ErrorCode.INVALID_RECURSION
        .error(
            "Recursive reference to query \""
                + name
                + "\" must not appear within its non-recursive term.")
        .position(span.position())
        .build();
  }

  private static boolean reads(LogicalPlan plan, int cte) {
    if (plan instanceof CteScan scan && scan.cte() == cte) {
      return true;
    }
    for (LogicalPlan child : plan.children()) {
      if (reads(child, cte)) {
        return true;
      }
    }
    return false;
  }

  static List<Integer> ids(List<PlanColumn> columns) {
    return columns.stream().map(PlanColumn::id).toList();
  }
}
