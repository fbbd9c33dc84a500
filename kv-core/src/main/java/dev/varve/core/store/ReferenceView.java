// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * The rows as a reader sees them: the committed versions at a timestamp, and above them the pending
 * writes of some transactions, the first of which counts most. Guarded by the store's monitor.
 */
record ReferenceView(
    ReferenceVersions versions, long timestamp, List<NavigableMap<RowKey, byte[]>> pending) {

  byte @Nullable [] get(RowKey row) {
    for (NavigableMap<RowKey, byte[]> writes : pending) {
      byte[] value = writes.get(row);
      if (value != null) {
        return value == ReferenceVersions.DELETED ? null : value;
      }
    }
    return versions.get(row, timestamp);
  }

  /** The first row of {@code range} that has a value, or the last. */
  @Nullable RowKey first(RowRange range, boolean reversed) {
    RowRange rest = range;
    while (!rest.isEmpty()) {
      RowKey found = edge(versions.rows(), rest, reversed, null);
      for (NavigableMap<RowKey, byte[]> writes : pending) {
        found = edge(writes, rest, reversed, found);
      }
      if (found == null || get(found) != null) {
        return found;
      }
      rest = behind(rest, found, reversed);
    }
    return null;
  }

  /** What is left of {@code range} in the direction of a walk that stands at {@code row}. */
  static RowRange behind(RowRange range, RowKey row, boolean reversed) {
    return reversed ? new RowRange(range.from(), row) : new RowRange(row.successor(), range.to());
  }

  private static @Nullable RowKey edge(
      NavigableMap<RowKey, ?> rows, RowRange range, boolean reversed, @Nullable RowKey other) {
    RowKey found = reversed ? rows.lowerKey(range.to()) : rows.ceilingKey(range.from());
    if (found == null
        || (reversed ? found.compareTo(range.from()) < 0 : found.compareTo(range.to()) >= 0)) {
      return other;
    }
    if (other == null) {
      return found;
    }
    return (found.compareTo(other) < 0) == reversed ? other : found;
  }
}
