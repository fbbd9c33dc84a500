// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import dev.varve.query.type.SqlType;
import java.util.List;
import java.util.function.Supplier;

/**
 * One overload of an aggregate function. Equal by identity of the registered overload.
 *
 * @param name lower case
 * @param argumentTypes what its arguments are converted to; empty for {@code count(*)}
 * @param type of the result
 * @param isOrderSensitive whether the order in which values arrive shows in the result
 * @param accumulators makes the state for one execution
 */
public record AggregateFunction(
    String name,
    List<SqlType> argumentTypes,
    SqlType type,
    boolean isOrderSensitive,
    Supplier<Accumulator> accumulators) {

  /** New, empty state. */
  public Accumulator accumulator() {
    return accumulators.get();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AggregateFunction that
        && name.equals(that.name)
        && argumentTypes.equals(that.argumentTypes)
        && type.equals(that.type);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
