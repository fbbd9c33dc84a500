// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.core.file.MappedFile;
import dev.varve.core.store.RangeEstimate;
import dev.varve.lsm.cache.BlockCache;
import dev.varve.lsm.key.Lookup;
import dev.varve.lsm.key.RangeTombstones;
import org.jspecify.annotations.Nullable;

/** An open table. */
public final class TableReader implements AutoCloseable {
  private TableReader() {}

  /** Opens a table; {@code timestampBase} is added to every stored timestamp. */
  public static TableReader open(
      MappedFile file, String name, long fileNumber, long timestampBase, BlockCache cache) {
    throw new UnsupportedOperationException();
  }

  /** What it holds. */
  public TableProperties properties() {
    throw new UnsupportedOperationException();
  }

  /** Finds the newest point version at or before {@code readTimestamp}; true also for a delete. */
  public boolean find(
      byte[] key, int offset, int bytes, long hash, long readTimestamp, Lookup lookup) {
    throw new UnsupportedOperationException();
  }

  /** False when the key is surely not there. */
  public boolean mayContain(byte[] key, int offset, int bytes, long hash) {
    throw new UnsupportedOperationException();
  }

  /** False when no key with this prefix (keyspace prefix and declared bytes) is there. */
  public boolean mayContainPrefix(byte[] prefix, int offset, int bytes) {
    throw new UnsupportedOperationException();
  }

  /** Whether the key has a point version with {@code after < timestamp < before}. */
  public boolean changed(byte[] key, int offset, int bytes, long hash, long after, long before) {
    throw new UnsupportedOperationException();
  }

  /** Whether any key from {@code from} to {@code to} (exclusive; null: unbounded) has one. */
  public boolean changed(byte[] from, byte @Nullable [] to, long after, long before) {
    throw new UnsupportedOperationException();
  }

  /** Its range tombstones. */
  public RangeTombstones rangeTombstones() {
    throw new UnsupportedOperationException();
  }

  /** About how many bytes of the file stand before the key. */
  public long approximateOffset(byte[] key, int offset, int bytes) {
    throw new UnsupportedOperationException();
  }

  /** About how many versions stand from {@code from} to {@code to}. */
  public RangeEstimate estimate(byte[] from, byte @Nullable [] to) {
    throw new UnsupportedOperationException();
  }

  /** A new iterator that keeps what it decompresses in the cache. */
  public TableIterator iterator() {
    throw new UnsupportedOperationException();
  }

  /** A new iterator for one-time passes over much: it leaves the cache as it is. */
  public TableIterator scanIterator() {
    throw new UnsupportedOperationException();
  }

  /** Unmaps the file; nobody may be reading. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
