// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Every version of every row of a {@link ReferenceStore}. Guarded by the store's monitor. */
final class ReferenceVersions {
  /** In the place of a value: the row was removed. */
  static final byte[] DELETED = {};

  private final NavigableMap<RowKey, List<Version>> rows = new TreeMap<>();

  private final Map<Integer, Long> liveRows = new HashMap<>();

  /** A value that a row took at a time. */
  private record Version(long timestamp, byte[] value) {}

  /** The rows that have or had a value. */
  NavigableMap<RowKey, ?> rows() {
    return rows;
  }

  /** How many rows of a keyspace have a value now. */
  long liveRows(int keyspace) {
    return liveRows.getOrDefault(keyspace, 0L);
  }

  /** The value of a row at {@code timestamp}, or null. */
  byte @Nullable [] get(RowKey row, long timestamp) {
    List<Version> versions = rows.get(row);
    if (versions != null) {
      for (int i = versions.size() - 1; i >= 0; i--) {
        if (versions.get(i).timestamp <= timestamp) {
          byte[] value = versions.get(i).value;
          return value == DELETED ? null : value;
        }
      }
    }
    return null;
  }

  /** The first row of {@code range} that has a version after {@code timestamp}, or null. */
  @Nullable RowKey changed(RowRange range, long timestamp) {
    if (range.isEmpty()) {
      return null;
    }
    for (Map.Entry<RowKey, List<Version>> entry :
        rows.subMap(range.from(), range.to()).entrySet()) {
      List<Version> versions = entry.getValue();
      if (versions.get(versions.size() - 1).timestamp > timestamp) {
        return entry.getKey();
      }
    }
    return null;
  }

  /** Adds a version, and drops those that nobody who reads at or after {@code oldest} can see. */
  void add(RowKey row, long timestamp, byte[] value, long oldest) {
    List<Version> versions = rows.computeIfAbsent(row, absent -> new ArrayList<>(1));
    boolean wasLive = !versions.isEmpty() && versions.get(versions.size() - 1).value != DELETED;
    long difference = (value == DELETED ? 0 : 1) - (wasLive ? 1 : 0);
    liveRows.merge(row.keyspace(), difference, Long::sum);
    versions.add(new Version(timestamp, value));
    int invisible = 0;
    while (invisible + 1 < versions.size() && versions.get(invisible + 1).timestamp <= oldest) {
      invisible++;
    }
    versions.subList(0, invisible).clear();
  }
}
