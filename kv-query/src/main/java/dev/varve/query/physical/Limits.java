// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.physical;

import dev.varve.query.expression.Expression;
import dev.varve.query.plan.Limit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of LIMIT and OFFSET at planning. */
final class Limits {
  private static final double GUESS = 100;

  private Limits() {}

  /** How many rows of its child a limit takes, at most {@code wanted} being taken of it. */
  static double rows(Limit limit, double wanted) {
    double count = limit.count() == null ? wanted : value(limit.count(), GUESS);
    return Math.min(count, wanted) + (limit.offset() == null ? 0 : value(limit.offset(), GUESS));
  }

  private static double value(Expression expression, double unknown) {
    Long constant = constant(expression);
    return constant == null ? unknown : Math.max(0, constant);
  }

  /** The value of a constant, or null. */
  static @Nullable Long constant(@Nullable Expression expression) {
    return expression instanceof Expression.Constant constant
            && constant.value() instanceof Long value
        ? value
        : null;
  }

  static List<String> details(Limit limit) {
    List<String> lines = new ArrayList<>();
    if (limit.count() != null) {
      lines.add("Limit: " + Explanation.text(limit.count()));
    }
    if (limit.offset() != null) {
      lines.add("Offset: " + Explanation.text(limit.offset()));
    }
    return lines;
  }
}
