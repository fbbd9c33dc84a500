// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.lsm.iterator.VersionIterator;
import java.nio.ByteBuffer;

/** Walks the versions of a table; may be reset to another one. */
public final class TableIterator extends VersionIterator {
  /** Of no table yet. */
  public TableIterator() {
    super(ByteBuffer.allocate(0));
  }

  /** Turns to {@code table}, standing nowhere. */
  public void reset(TableReader table, boolean fillCache) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void seekToFirst() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void seekToLast() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void seek(byte[] array, int offset, int bytes, long atTrailer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void seekBefore(byte[] array, int offset, int bytes, long atTrailer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void next() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void previous() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
