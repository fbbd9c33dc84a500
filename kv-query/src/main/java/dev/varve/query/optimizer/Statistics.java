// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import dev.varve.KeyRange;
import dev.varve.core.store.RangeEstimate;
import dev.varve.core.store.TransactionalStore;
import dev.varve.query.catalog.TableDefinition;
import java.util.Collections;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the engine knows of its tables, by sampling them itself. Kept in memory, drawn anew when a
 * table has grown or shrunk by a fifth. Only ever hints. Thread-safe.
 */
public final class Statistics {
  private static final double CHANGE_THAT_MATTERS = 0.2;
  private static final long ROWS_THAT_MATTER = 50;

  private final TransactionalStore store;
  private final ConcurrentHashMap<Integer, Entry> entries = new ConcurrentHashMap<>();

  private record Entry(long version, long rowsThen, TableStatistics statistics) {}

  /** Statistics of the tables in {@code store}. */
  public Statistics(TransactionalStore store) {
    this.store = store;
  }

  /** About how much of a keyspace lies in a range. */
  public RangeEstimate estimate(int keyspace, KeyRange range) {
    return store.estimate(keyspace, range);
  }

  /** What is known of a table. */
  public TableStatistics of(TableDefinition table) {
    long rows = store.estimate(table.keyspace(), KeyRange.all()).entries();
    Entry entry = entries.get(table.keyspace());
    if (entry == null || entry.version() != table.version() || hasChanged(entry, rows)) {
      entry = new Entry(table.version(), rows, sample(table, rows));
      entries.put(table.keyspace(), entry);
    }
    return entry.statistics();
  }

  private static boolean hasChanged(Entry entry, long rows) {
    long change = Math.abs(rows - entry.rowsThen());
    return change > ROWS_THAT_MATTER && change > entry.rowsThen() * CHANGE_THAT_MATTERS;
  }

  private TableStatistics sample(TableDefinition table, long rows) {
    if (rows == 0) {
      return new TableStatistics(0, unknown(table));
    }
    return new Sampler(store, table, rows).sample();
  }

  private static java.util.List<@Nullable ColumnStatistics> unknown(TableDefinition table) {
    return Collections.nCopies(table.columns().size(), null);
  }
}
