// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.memtable;

import static dev.varve.lsm.memtable.MemTableFormat.RECORD_HEADER_BYTES;
import static dev.varve.lsm.memtable.MemTableFormat.RECORD_KEY_BYTES_AT;
import static dev.varve.lsm.memtable.MemTableFormat.RECORD_VALUE_BYTES_AT;

import dev.varve.lsm.iterator.VersionIterator;
import java.nio.ByteBuffer;

/** Walks a memtable. Sees what is inserted meanwhile or not; its reader filters by timestamp. */
final class MemTableIterator extends VersionIterator {
  private final SkipList list;
  private final ByteBuffer arena;
  private int node;

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
    stand(list.after(node));
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

  private void stand(int at) {
    node = at;
    valid = at != 0;
    if (valid) {
      int record = list.record(at);
      trailer = MemTableFormat.word(arena, record);
      keyOffset = record + RECORD_HEADER_BYTES;
      keyBytes = MemTableFormat.half(arena, record + RECORD_KEY_BYTES_AT);
      valueOffset = keyOffset + keyBytes;
      valueBytes = MemTableFormat.half(arena, record + RECORD_VALUE_BYTES_AT);
    }
  }
}
