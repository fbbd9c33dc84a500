package dev.varve.query.operator;

import dev.varve.core.store.EntryBatch;
import dev.varve.query.row.KeyCodec;

/**
 * How the entries of an index lead to rows.
 *
 * @param keyspace where the entries are
 * @param codec of the indexed columns, which a key begins with
 */
public record IndexSource(int keyspace, KeyCodec codec) {
  /** Where the row's key of an entry begins in the batch's bytes. */
  static int rowKeyOffset(EntryBatch entries, int index) {
    int header = headerBytes(entries, index);
    int tail = rowKeyTail(entries, index);
    return tail > 0
        ? entries.keyOffset(index) + entries.keyBytes(index) - tail
        : entries.valueOffset(index) + header;
  }

  /** The length of the row's key of an entry. */
  static int rowKeyBytes(EntryBatch entries, int index) {
    int tail = rowKeyTail(entries, index);
    return tail > 0 ? tail : entries.valueBytes(index) - headerBytes(entries, index);
  }

  private static int rowKeyTail(EntryBatch entries, int index) {
    byte[] bytes = entries.bytes();
    int at = entries.valueOffset(index);
    int tail = 0;
    int shift = 0;
    byte next;
    do {
      next = bytes[at++];
      tail |= (next & 0x7f) << shift;
      shift += 7;
    } while (next < 0);
    return tail;
  }

  private static int headerBytes(EntryBatch entries, int index) {
    int at = entries.valueOffset(index);
    int start = at;
    while (entries.bytes()[at++] < 0) {}
    return at - start;
  }
}
