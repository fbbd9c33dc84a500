// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.Cursor;
import dev.varve.txn.index.NamedIndex;
import java.nio.ByteBuffer;

/** A cursor over a BTREE index: the entries' cursor, showing indexed bytes and primary keys. */
final class IndexCursor implements Cursor {
  private final NamedIndex index;
  private final Cursor entries;
  private final boolean reversed;

  IndexCursor(NamedIndex index, Cursor entries, boolean reversed) {
    this.index = index;
    this.entries = entries;
    this.reversed = reversed;
  }

  @Override
  public boolean next() {
    return entries.next();
  }

  @Override
  public boolean seek(byte[] key) {
    return entries.seek(index.seekKey(key, reversed));
  }

  @Override
  public byte[] key() {
    return index.indexed(entries.key());
  }

  @Override
  public byte[] value() {
    return index.definition().unique()
        ? entries.value()
        : index.primaryKey(entries.key(), new byte[0]);
  }

  @Override
  public ByteBuffer keyBuffer() {
    return ByteBuffer.wrap(key()).asReadOnlyBuffer();
  }

  @Override
  public ByteBuffer valueBuffer() {
    return ByteBuffer.wrap(value()).asReadOnlyBuffer();
  }

  @Override
  public void close() {
    entries.close();
  }
}
