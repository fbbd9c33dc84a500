// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import dev.varve.ErrorCode;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expression.ColumnReference;
import dev.varve.query.expression.Expressions;
import dev.varve.query.plan.PlanColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Translates the numbers of columns to positions in a batch, and those of enclosing dependent joins to
 * the indexes at which they are handed down. One per planning.
 */
final class Resolver {
  private final int parameterCount;
  private final Map<Integer, Integer> slots = new HashMap<>();

  Resolver(int parameterCount) {
    this.parameterCount = parameterCount;
  }

  /** The index at which a column of an enclosing join is handed down. */
  int slot(int column) {
    return slots.computeIfAbsent(column, key -> parameterCount + slots.size());
  }

  /** How many values are handed down. */
  int handedDown() {
    return slots.size();
  }

  boolean isHandedDown(int column) {
    return slots.containsKey(column);
  }

  Expression resolve(Expression expression, List<PlanColumn> input) {
    Map<Integer, Integer> positions = new HashMap<>();
    for (int i = 0; i < input.size(); i++) {
      positions.put(input.get(i).id(), i);
    }
    return resolve(expression, positions);
  }

  List<Expression> resolveAll(List<Expression> expressions, List<PlanColumn> input) {
    Map<Integer, Integer> positions = new HashMap<>();
    for (int i = 0; i < input.size(); i++) {
      positions.put(input.get(i).id(), i);
    }
    List<Expression> resolved = new ArrayList<>(expressions.size());
    expressions.forEach(expression -> resolved.add(resolve(expression, positions)));
    return resolved;
  }

  private Expression resolve(Expression expression, Map<Integer, Integer> positions) {
    return Expressions.rewrite(
        expression,
        each -> {
          if (!(each instanceof ColumnReference reference)) {
            return each;
          }
          Integer position = positions.get(reference.column());
          if (position != null) {
            return new ColumnReference(
                position, reference.name(), reference.type(), reference.position());
          }
          Integer slot = slots.get(reference.column());
          if (slot != null) {
            return new Expression.Parameter(slot, reference.type(), reference.position());
          }
          throw ErrorCode.INTERNAL
              .error("A plan reads a column that nothing below it yields.")
              .fact("column", reference.name() + "#" + reference.column())
              .build();
        });
  }
}
