// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a sample says of a column.
 *
 * @param distinct about how many different values there are, NULL apart
 * @param nullFraction the part of the rows that are NULL
 * @param bounds values, ascending, between which equally many rows lie; empty when unknown
 */
public record ColumnStatistics(
    double distinct, double nullFraction, List<Comparable<Object>> bounds) {
  /** Copies. */
  public ColumnStatistics {
    bounds = List.copyOf(bounds);
  }

  /** The part of the rows whose value is below {@code value}, or -1 when it cannot be told. */
  double fractionBelow(@Nullable Object value) {
    if (value == null || bounds.size() < 2 || value.getClass() != bounds.get(0).getClass()) {
      return -1;
    }
    int low = 0;
    int high = bounds.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (bounds.get(middle).compareTo(value) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0) {
      return 0;
    }
    if (low == bounds.size()) {
      return 1 - nullFraction;
    }
    double within = interpolate(bounds.get(low - 1), bounds.get(low), value);
    return (low - 1 + within) / (bounds.size() - 1) * (1 - nullFraction);
  }

  private static double interpolate(Object low, Object high, Object value) {
    if (low instanceof Number l && high instanceof Number h && value instanceof Number v) {
      double width = h.doubleValue() - l.doubleValue();
      return width <= 0 ? 0.5 : (v.doubleValue() - l.doubleValue()) / width;
    }
    return 0.5;
  }
}
