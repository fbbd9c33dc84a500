// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import dev.varve.KeyRange;
import dev.varve.core.codec.Bytes;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.EntryBatch;
import dev.varve.core.store.Keyspace;
import dev.varve.core.store.StoreSnapshot;
import dev.varve.core.store.TransactionalStore;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.catalog.TableDefinition;
import dev.varve.query.catalog.TableLayout;
import dev.varve.query.row.RowReader;
import dev.varve.query.vector.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Draws a sample of a table's rows: all of a small table, else runs of rows that begin at places spread
 * evenly between the first and the last key.
 */
final class Sampler {
  private static final int SAMPLE_ROWS = 12_000;
  private static final int RUNS = 60;
  private static final int RUN_ROWS = SAMPLE_ROWS / RUNS;
  private static final int BATCH_BYTES = 1 << 20;
  private static final int HISTOGRAM_BUCKETS = 64;
  private static final int MAX_VALUE_BYTES = 200;

  private final TransactionalStore store;
  private final TableDefinition table;
  private final long estimatedRows;
  private final List<List<Object>> values = new ArrayList<>();
  private final int[] nulls;
  private int sampled;
  private boolean isWhole;

  Sampler(TransactionalStore store, TableDefinition table, long estimatedRows) {
    this.store = store;
    this.table = table;
    this.estimatedRows = estimatedRows;
    this.nulls = new int[table.columns().size()];
    for (int i = 0; i < nulls.length; i++) {
      values.add(new ArrayList<>());
    }
  }

  TableStatistics sample() {
    try (StoreSnapshot snapshot = store.snapshot()) {
      Keyspace keyspace = snapshot.keyspace(table.keyspace());
      if (estimatedRows <= SAMPLE_ROWS) {
        isWhole = read(keyspace, KeyRange.all(), SAMPLE_ROWS * 2);
      } else {
        readRuns(keyspace);
      }
    }
    double rows = isWhole ? sampled : Math.max(sampled, estimatedRows);
    List<@Nullable ColumnStatistics> columns = new ArrayList<>(nulls.length);
    for (int i = 0; i < nulls.length; i++) {
      columns.add(sampled == 0 ? null : column(values.get(i), nulls[i], rows));
    }
    return new TableStatistics(rows, columns);
  }

  /** Reads rows from the beginning of a range; true when that was all of it. */
  private boolean read(Keyspace keyspace, KeyRange range, int limit) {
    EntryBatch entries = new EntryBatch(RUN_ROWS, BATCH_BYTES);
    RowReader reader = new RowReader(TableLayout.of(table).rows());
    int taken = 0;
    try (BatchCursor cursor = keyspace.scan(range)) {
      while (taken < limit) {
        int count = cursor.next(entries);
        if (count == 0) {
          return true;
        }
        reader.open(entries);
        add(reader, count);
        taken += count;
      }
    }
    return false;
  }

  private void add(RowReader reader, int count) {
    for (int i = 0; i < table.columns().size(); i++) {
      TableColumn column = table.columns().get(i);
      Vector vector = Vector.allocate(column.type(), count);
      reader.read(column.slot(), vector);
      for (int row = 0; row < count; row++) {
        Object datum = vector.datum(row);
        if (datum == null) {
          nulls[i]++;
        } else if (!(datum instanceof String text) || text.length() <= MAX_VALUE_BYTES) {
          values.get(i).add(datum);
        }
      }
    }
    sampled += count;
  }

  private void readRuns(Keyspace keyspace) {
    byte[] first = end(keyspace, KeyRange.all());
    byte[] last = end(keyspace, KeyRange.all().reversed());
    if (first == null || last == null) {
      return;
    }
    int common = Arrays.mismatch(first, last);
    if (common < 0 || common >= first.length) {
      read(keyspace, KeyRange.all(), SAMPLE_ROWS);
      return;
    }
    double low = number(first, common);
    double high = number(last, common);
    for (int run = 0; run < RUNS; run++) {
      double at = low + (high - low) * run / RUNS;
      byte[] from = Arrays.copyOf(first, common + Long.BYTES);
      Bytes.setLongBE(from, common, (long) at << 1);
      read(keyspace, run == 0 ? KeyRange.all() : KeyRange.atLeast(from), RUN_ROWS);
    }
  }

  /** Eight bytes from {@code at}, without the last bit, as a number. */
  private static double number(byte[] key, int at) {
    byte[] padded = Arrays.copyOf(key, Math.max(key.length, at + Long.BYTES));
    return Bytes.longBE(padded, at) >>> 1;
  }

  private static byte @Nullable [] end(Keyspace keyspace, KeyRange range) {
    try (BatchCursor cursor = keyspace.scan(range)) {
      return cursor.next() ? cursor.key() : null;
    }
  }

  private static ColumnStatistics column(List<Object> sample, int nulls, double rows) {
    int total = sample.size() + nulls;
    double nullFraction = total == 0 ? 0 : (double) nulls / total;
    return new ColumnStatistics(distinct(sample, rows), nullFraction, bounds(sample));
  }

  /**
   * The estimator of Haas and Stokes (1998): {@code n d / (n - f1 + f1 n / N)} for {@code d} values
   * among {@code n} rows of {@code N}, {@code f1} of them seen once.
   */
  private static double distinct(List<Object> sample, double rows) {
    Map<Object, Integer> counts = new HashMap<>();
    for (Object value : sample) {
      counts.merge(value, 1, Integer::sum);
    }
    double n = sample.size();
    double d = counts.size();
    double once = counts.values().stream().filter(count -> count == 1).count();
    if (n == 0) {
      return 1;
    }
    double estimate = n * d / (n - once + once * n / Math.max(n, rows));
    return Math.max(d, Math.min(estimate, rows));
  }

  @SuppressWarnings("unchecked")
  private static List<Comparable<Object>> bounds(List<Object> sample) {
    if (sample.size() < 2 || !(sample.get(0) instanceof Comparable)) {
      return List.of();
    }
    Class<?> type = sample.get(0).getClass();
    if (sample.stream().anyMatch(value -> value.getClass() != type)) {
      return List.of();
    }
    Object[] sorted = sample.toArray();
    Arrays.sort(sorted);
    int buckets = Math.min(HISTOGRAM_BUCKETS, sorted.length - 1);
    List<Comparable<Object>> bounds = new ArrayList<>(buckets + 1);
    for (int i = 0; i <= buckets; i++) {
      bounds.add((Comparable<Object>) sorted[(int) ((long) i * (sorted.length - 1) / buckets)]);
    }
    return bounds;
  }
}
