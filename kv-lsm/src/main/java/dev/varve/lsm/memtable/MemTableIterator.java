// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.memtable;

import static dev.varve.lsm.memtable.MemTableFormat.RECORD_HEADER_BYTES;
import static dev.varve.lsm.memtable.MemTableFormat.RECORD_KEY_BYTES_AT;
import static dev.varve.lsm.memtable.MemTableFormat.RECORD_VALUE_BYTES_AT;

import dev.varve.lsm.iterator.VersionIterator;
import java.nio.ByteBuffer;

/**
 * Walks a memtable. Sees what is inserted meanwhile or not; its reader filters by timestamp.
 *
 * <p>A record is a cache miss, and in a memtable written in random order each is. Going forward, the
 * iterator therefore follows the links for several nodes at once and asks for all their records'
 * first bytes in one go, so that the misses overlap; more of them the longer it goes on.
 */
final class MemTableIterator extends VersionIterator {
  private static final int MAX_AHEAD = 16;

  private final SkipList list;
  private final ByteBuffer arena;

  // Nodes that come, their records and trailers.
  private final int[] nodes = new int[MAX_AHEAD];
  private final int[] records = new int[MAX_AHEAD];
  private final long[] trailers = new long[MAX_AHEAD];
  private int at;
  private int filled;
  private int ahead;

  /** The key to search backward from. */
  private byte[] scratch = new byte[64];

  MemTableIterator(SkipList list, ByteBuffer arena) {
    super(arena);
    this.list = list;
    this.arena = arena;
  }

  @Override
  public void seekToFirst() {
    stand(list.after(MemTableFormat.HEAD_AT));
  }

  @Override
  public void seekToLast() {
    stand(list.last());
  }

  @Override
  public void seek(byte[] array, int offset, int bytes, long atTrailer) {
    stand(list.seek(array, offset, bytes, atTrailer));
  }

  @Override
  public void seekBefore(byte[] array, int offset, int bytes, long atTrailer) {
    stand(list.seekBefore(array, offset, bytes, atTrailer));
  }

  @Override
  public void next() {
    if (++at == filled) {
      ahead = Math.min(MAX_AHEAD, ahead * 2);
      fill(list.after(nodes[at - 1]));
    }
    show();
  }

  @Override
  public void previous() {
    if (scratch.length < keyBytes) {
      scratch = new byte[Math.max(keyBytes, scratch.length * 2)];
    }
    arena.get(keyOffset, scratch, 0, keyBytes);
    stand(list.seekBefore(scratch, 0, keyBytes, trailer));
  }

  @Override
  public void close() {
    valid = false;
  }

  private void stand(int node) {
    ahead = 1;
    fill(node);
    show();
  }

  private void fill(int first) {
    int count = 0;
    for (int node = first; node != 0 && count < ahead; node = list.after(node)) {
      nodes[count] = node;
      records[count++] = list.record(node);
    }
    for (int i = 0; i < count; i++) {
      trailers[i] = MemTableFormat.word(arena, records[i]);
    }
    at = 0;
    filled = count;
  }

  private void show() {
    valid = at < filled;
    if (valid) {
      int record = records[at];
      trailer = trailers[at];
      keyOffset = record + RECORD_HEADER_BYTES;
      keyBytes = MemTableFormat.half(arena, record + RECORD_KEY_BYTES_AT);
      valueOffset = keyOffset + keyBytes;
      valueBytes = MemTableFormat.half(arena, record + RECORD_VALUE_BYTES_AT);
    }
  }
}
