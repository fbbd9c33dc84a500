// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.KeyRange;
import dev.varve.core.codec.TupleWriter;
import dev.varve.core.store.EntryBatch;
import dev.varve.query.catalog.IndexEntryFormat;
import dev.varve.query.row.KeyCodec;
import dev.varve.query.vector.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How the entries of an index lead to rows.
 *
 * @param keyspace where the entries are
 * @param codec of the indexed columns, which a key begins with
 * @param isHashed whether keys begin with a hash of the indexed columns instead
 */
public record IndexSource(int keyspace, KeyCodec codec, boolean isHashed) {
  /** Where the row's key of an entry begins in the batch's bytes. */
  static int rowKeyOffset(EntryBatch entries, int index) {
    int suffix = suffixBytes(entries, index);
    return suffix == 0
        ? entries.valueOffset(index) + 1
        : entries.keyOffset(index) + entries.keyBytes(index) - suffix;
  }

  /** The length of the row's key of an entry. */
  static int rowKeyBytes(EntryBatch entries, int index) {
    int suffix = suffixBytes(entries, index);
    return suffix == 0 ? entries.valueBytes(index) - 1 : suffix;
  }

  private static int suffixBytes(EntryBatch entries, int index) {
    return IndexEntryFormat.suffixBytes(
        entries.bytes(), entries.valueOffset(index), entries.valueBytes(index));
  }

  /** The ranges of entries that {@code bounds} allow. */
  List<KeyRange> ranges(KeyBounds bounds) {
    return isHashed ? hashed(bounds.ranges()) : bounds.ranges();
  }

  /** The ranges of entries that {@code bounds} allow for the values of an outer row. */
  List<KeyRange> ranges(KeyBounds bounds, Batch outer, int row) {
    List<KeyRange> ranges = bounds.ranges(outer, row);
    return isHashed ? hashed(ranges) : ranges;
  }

  private static List<KeyRange> hashed(List<KeyRange> tuples) {
    List<KeyRange> ranges = new ArrayList<>(tuples.size());
    TupleWriter writer = new TupleWriter();
    for (KeyRange tuple : tuples) {
      byte[] bytes = Objects.requireNonNull(tuple.from());
      writer.reset().raw(bytes, 0, bytes.length);
      IndexEntryFormat.hash(writer);
      ranges.add(KeyRange.prefix(writer.toByteArray()));
    }
    return ranges;
  }
}
