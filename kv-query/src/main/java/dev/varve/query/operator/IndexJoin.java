// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.KeyRange;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.EntryBatch;
import dev.varve.core.store.Keyspace;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the partners of each left row in a table, by the key of its rows or through an index. The
 * bounds' values read the left row.
 */
public final class IndexJoin extends PairingJoin {
  private static final int BATCH_BYTES = 1 << 16;

  private final ScanSource source;
  private final @Nullable IndexSource index;
  private final KeyBounds bounds;
  private final boolean isPoint;
  private final RowDecoder decoder;
  private final FetchedRows fetched = new FetchedRows();
  private final RowBuffer rows;
  private final EntryBatch entries = new EntryBatch(256, BATCH_BYTES);
  private int[] owners = new int[Batch.CAPACITY];
  private @Nullable Keyspace table;
  private @Nullable Keyspace entriesSpace;
  private @Nullable Batch batch;
  private int leftAt;
  private int rightAt;

  /**
   * Joins left rows with rows of a table.
   *
   * @param index the index that leads to the rows, or null when the bounds are of the table's own key
   * @param isPoint whether the bounds fix the whole of the table's own key
   */
  public IndexJoin(
      JoinSpec spec,
      Operator left,
      ScanSource source,
      @Nullable IndexSource index,
      KeyBounds bounds,
      boolean isPoint) {
    super(spec, left, source.allTypes());
    this.source = source;
    this.index = index;
    this.bounds = bounds;
    this.isPoint = isPoint;
    this.decoder = new RowDecoder(source, Batch.CAPACITY);
    this.rows = new RowBuffer(source.allTypes());
  }

  @Override
  void openSides(ExecutionContext context) {
    table = source.open(context);
    entriesSpace = index == null ? null : source.reader(context).keyspace(index.keyspace());
    left.open(context);
  }

  @Override
  void beginLeft(Batch next) {
    batch = next;
    leftAt = 0;
    rightAt = 0;
    rows.clear();
  }

  @Override
  int candidates() {
    Batch current = batch;
    if (current == null) {
      return 0;
    }
    while (rightAt == rows.count()) {
      if (leftAt == current.count()) {
        return 0;
      }
      rows.clear();
      rightAt = 0;
      fill(current);
    }
    int found = Math.min(Batch.CAPACITY, rows.count() - rightAt);
    for (int k = 0; k < found; k++) {
      leftRows[k] = owners[rightAt];
      rightRows[k] = rightAt++;
    }
    return found;
  }

  /** Fetches the partners of as many left rows as make up about a batch. */
  private void fill(Batch current) {
    execution().checkCanceled();
    fetched.clear();
    int found = 0;
    while (leftAt < current.count() && found < Batch.CAPACITY && rows.count() < Batch.CAPACITY) {
      int row = current.row(leftAt++);
      if (isPoint) {
        byte[] key = bounds.key(current, row);
        if (key != null && fetched.fetch(keyspace(), key, 0, key.length)) {
          ensureOwners(rows.count() + found + 1);
          owners[rows.count() + found++] = row;
        }
      } else {
        found = range(current, row, found);
      }
    }
    flush(found);
  }

  private Keyspace keyspace() {
    return java.util.Objects.requireNonNull(table);
  }

  private int range(Batch current, int row, int foundSoFar) {
    int found = foundSoFar;
    IndexSource through = index;
    var ranges =
        through == null ? bounds.ranges(current, row) : through.ranges(bounds, current, row);
    Keyspace scanned = through == null ? keyspace() : entriesSpace;
    for (KeyRange range : ranges) {
      try (BatchCursor cursor = java.util.Objects.requireNonNull(scanned).scan(range)) {
        while (cursor.next(entries) > 0) {
          for (int i = 0; i < entries.count(); i++) {
            if (found == Batch.CAPACITY) {
              flush(found);
              fetched.clear();
              found = 0;
            }
            if (fetch(through, i)) {
              ensureOwners(rows.count() + found + 1);
              owners[rows.count() + found++] = row;
            }
          }
        }
      }
    }
    return found;
  }

  private boolean fetch(@Nullable IndexSource through, int i) {
    if (through == null) {
      fetched.take(entries, i);
      return true;
    }
    return fetched.fetch(
        keyspace(),
        entries.bytes(),
        IndexSource.rowKeyOffset(entries, i),
        IndexSource.rowKeyBytes(entries, i));
  }

  private void ensureOwners(int needed) {
    if (needed > owners.length) {
      owners = Arrays.copyOf(owners, Math.max(needed, owners.length * 2));
    }
  }

  /** Decodes what was fetched and keeps what satisfies the predicates, with its owners. */
  private void flush(int found) {
    if (found == 0 || !decoder.decode(fetched)) {
      return;
    }
    Batch decoded = decoder.output();
    int at = rows.count();
    ensureOwners(at + found);
    for (int k = 0; k < decoded.count(); k++) {
      owners[at + k] = owners[at + decoded.row(k)];
    }
    rows.append(decoded);
  }

  @Override
  Vector rightColumn(int column) {
    return rows.column(column);
  }

  @Override
  int rightCount() {
    throw new IllegalStateException("an index join keeps no right rows");
  }

  @Override
  public void close() {
    rows.release();
    fetched.clear();
    batch = null;
    table = null;
    entriesSpace = null;
    super.close();
  }
}
