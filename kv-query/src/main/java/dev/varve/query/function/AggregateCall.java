// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Position;
import dev.varve.query.expression.SortKey;
import dev.varve.query.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate function applied to the rows of a group.
 *
 * @param distinct whether equal arguments count once
 * @param filter only rows for which it is TRUE count; null for all
 * @param orderBy the order in which rows arrive; empty when it does not matter
 */
public record AggregateCall(
    AggregateFunction function,
    List<Expression> arguments,
    boolean distinct,
    @Nullable Expression filter,
    List<SortKey> orderBy,
    Position position) {
  public AggregateCall {
    arguments = List.copyOf(arguments);
    orderBy = List.copyOf(orderBy);
  }

  /** The type of the result. */
  public SqlType type() {
    return function.type();
  }
}
