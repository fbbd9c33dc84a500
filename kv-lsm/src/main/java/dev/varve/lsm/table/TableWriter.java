// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.core.file.WritableFile;
import dev.varve.lsm.iterator.VersionIterator;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes a table. */
public final class TableWriter implements AutoCloseable {
  /** A writer that appends to {@code file}, which the caller syncs and closes. */
  public TableWriter(WritableFile file, String name, TableOptions options) {}

  /** Adds a version; they come in order. */
  public void add(
      ByteBuffer key,
      int keyOffset,
      int keyBytes,
      long trailer,
      ByteBuffer value,
      int valueOffset,
      int valueBytes)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Adds the version that {@code version} stands on. */
  public void add(VersionIterator version) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Adds a range tombstone, in any order, at any time before {@link #finish}. */
  public void addRangeTombstone(byte[] from, byte[] to, long timestamp) {
    throw new UnsupportedOperationException();
  }

  /** Whether a version of this size still fits. */
  public boolean hasRoomFor(int keyBytes, int valueBytes) {
    throw new UnsupportedOperationException();
  }

  /** About how large the file would be if it were finished now. */
  public long estimatedBytes() {
    throw new UnsupportedOperationException();
  }

  /** Writes the rest. */
  public TableProperties finish() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Frees what the writer holds; without {@link #finish} before it, the file is no table. */
  @Override
  public void close() {}
}
