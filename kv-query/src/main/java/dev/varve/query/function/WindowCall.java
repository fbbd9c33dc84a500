// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.expression.Expression;
import dev.varve.query.expression.Position;
import dev.varve.query.expression.SortKey;
import dev.varve.query.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function over a window: one of {@link WindowFunction}'s, or an aggregate when that is null.
 *
 * @param arguments of the window function; empty when it is an aggregate
 * @param partitionBy rows with equal values form a partition
 * @param orderBy the order within a partition
 */
public record WindowCall(
    @Nullable WindowFunction function,
    @Nullable AggregateCall aggregate,
    List<Expression> arguments,
    List<Expression> partitionBy,
    List<SortKey> orderBy,
    WindowFrame frame,
    SqlType type,
    Position position) {
  public WindowCall {
    arguments = List.copyOf(arguments);
    partitionBy = List.copyOf(partitionBy);
    orderBy = List.copyOf(orderBy);
  }
}
