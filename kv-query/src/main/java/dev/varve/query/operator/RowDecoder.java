// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.core.store.EntryBatch;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.row.RowReader;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.BytesVector;
import dev.varve.query.vector.Vector;
import java.util.List;

/**
 * Turns stored rows into a batch. Predicates are checked on the columns they read before the others
 * are decoded; when few rows remain, the others are decoded for those only. Not thread-safe.
 */
final class RowDecoder {
  private final ScanSource source;
  private final RowReader reader;
  private final Batch output;
  private final int[] selected;

  RowDecoder(ScanSource source, int capacity) {
    this.source = source;
    this.reader = new RowReader(source.codec());
    this.output = Batch.allocate(source.allTypes(), Math.max(1, capacity));
    this.selected = new int[capacity];
  }

  List<SqlType> types() {
    return source.allTypes();
  }

  Batch output() {
    return output;
  }

  /** Decodes entries whose values are rows and whose keys are the rows' keys. */
  boolean decode(EntryBatch entries) {
    reader.open(entries);
    int count = entries.count();
    int remaining = filter(count);
    if (remaining == 0) {
      return false;
    }
    int[] rows = remaining == count ? null : selected;
    boolean sparse = remaining <= count >> 2;
    if (sparse) {
      reader.begin(entries.bytes(), remaining);
      for (int k = 0; k < remaining; k++) {
        reader.add(k, entries.valueOffset(selected[k]), entries.valueBytes(selected[k]));
      }
    }
    readOthers(sparse);
    if (source.withRowKey()) {
      BytesVector keys = (BytesVector) output.column(source.slots().length);
      keys.ensureCapacity(count);
      keys.refer(entries.bytes());
      for (int k = 0; k < remaining; k++) {
        int entry = rows == null ? k : rows[k];
        keys.setRange(sparse ? k : entry, entries.keyOffset(entry), entries.keyBytes(entry));
      }
    }
    output.select(sparse ? null : rows, remaining);
    return true;
  }

  /** Decodes rows that lie in one array. */
  boolean decode(FetchedRows rows) {
    int count = rows.count();
    open(rows, count);
    int remaining = filter(count);
    if (remaining == 0) {
      return false;
    }
    readOthers(false);
    if (source.withRowKey()) {
      BytesVector keys = (BytesVector) output.column(source.slots().length);
      keys.ensureCapacity(count);
      rows.keys(keys);
    }
    output.select(remaining == count ? null : selected, remaining);
    return true;
  }

  private void open(FetchedRows rows, int count) {
    reader.begin(rows.bytes(), count);
    for (int k = 0; k < count; k++) {
      reader.add(k, rows.offset(k), rows.length(k));
    }
  }

  private int filter(int count) {
    List<Evaluator> predicates = source.predicates();
    if (predicates.isEmpty()) {
      return count;
    }
    for (int i = 0; i < source.slots().length; i++) {
      if (source.predicateColumns().get(i)) {
        read(i);
      }
    }
    int[] rows = null;
    int remaining = count;
    for (int i = 0; i < predicates.size() && remaining > 0; i++) {
      remaining = predicates.get(i).select(output, rows, remaining, selected);
      rows = selected;
    }
    return remaining;
  }

  private void readOthers(boolean all) {
    for (int i = 0; i < source.slots().length; i++) {
      if (all || source.predicates().isEmpty() || !source.predicateColumns().get(i)) {
        read(i);
      }
    }
  }

  private void read(int column) {
    Vector into = output.column(column);
    reader.read(source.slots()[column], into);
  }
}
