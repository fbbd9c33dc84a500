// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import dev.varve.query.expression.ComparisonOperator;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Expression.ColumnReference;
import dev.varve.query.expression.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which columns are equal to each other by a set of conditions, all of which hold. */
final class Equalities {
  private static final int MAX_CLASS_SIZE = 64;

  private final Map<Integer, Integer> parents = new HashMap<>();
  private final Map<Integer, ColumnReference> references = new HashMap<>();

  Equalities(List<Expression> conditions) {
    for (Expression condition : conditions) {
      Expression.Comparison equality = ofColumns(condition);
      if (equality != null) {
        join((ColumnReference) equality.left(), (ColumnReference) equality.right());
      }
    }
  }

  /** The condition when it says that two columns of one type are equal, else null. */
  static Expression.@Nullable Comparison ofColumns(Expression condition) {
    return condition instanceof Expression.Comparison comparison
            && comparison.operator() == ComparisonOperator.EQUAL
            && comparison.left() instanceof ColumnReference left
            && comparison.right() instanceof ColumnReference right
            && left.type().equals(right.type())
        ? comparison
        : null;
  }

  private void join(ColumnReference left, ColumnReference right) {
    references.putIfAbsent(left.column(), left);
    references.putIfAbsent(right.column(), right);
    parents.put(root(left.column()), root(right.column()));
  }

  private int root(int column) {
    int at = column;
    while (parents.getOrDefault(at, at) != at) {
      at = parents.get(at);
    }
    return at;
  }

  /** The classes of columns that are equal. */
  List<List<ColumnReference>> classes() {
    Map<Integer, List<ColumnReference>> byRoot = new HashMap<>();
    references.forEach(
        (column, reference) ->
            byRoot.computeIfAbsent(root(column), key -> new ArrayList<>()).add(reference));
    return new ArrayList<>(byRoot.values());
  }

  /** Adds to {@code conditions} that every column equal to a column with a fixed value has it, too. */
  static void spreadConstants(List<Expression> conditions) {
    Equalities equalities = new Equalities(conditions);
    if (equalities.references.isEmpty()) {
      return;
    }
    List<Expression> implied = new ArrayList<>();
    for (List<ColumnReference> members : equalities.classes()) {
      if (members.size() > MAX_CLASS_SIZE) {
        continue;
      }
      for (Expression condition : conditions) {
        Expression value = valueOf(condition, members);
        if (value != null) {
          spread(value, members, conditions, implied);
          break;
        }
      }
    }
    conditions.addAll(implied);
  }

  private static @Nullable Expression valueOf(Expression condition, List<ColumnReference> members) {
    if (condition instanceof Expression.Comparison comparison
        && comparison.operator() == ComparisonOperator.EQUAL
        && isValue(comparison.right())
        && comparison.left() instanceof ColumnReference reference
        && members.contains(reference)) {
      return comparison.right();
    }
    return null;
  }

  private static boolean isValue(Expression expression) {
    return expression instanceof Expression.Constant || expression instanceof Expression.Parameter;
  }

  private static void spread(
      Expression value,
      List<ColumnReference> members,
      List<Expression> conditions,
      List<Expression> implied) {
    for (ColumnReference member : members) {
      Expression condition =
          new Expression.Comparison(ComparisonOperator.EQUAL, member, value, Position.NONE);
      if (!conditions.contains(condition)) {
        implied.add(condition);
      }
    }
  }
}
