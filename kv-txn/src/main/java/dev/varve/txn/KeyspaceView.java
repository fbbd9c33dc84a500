// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.ErrorCode;
import dev.varve.KeyRange;
import dev.varve.KeyValues;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.Keyspace;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A keyspace, known by its number, as a reader sees it. */
final class KeyspaceView implements Keyspace {
  private final Reader reader;
  private final int id;

  KeyspaceView(Reader reader, int id) {
    this.reader = reader;
    this.id = id;
  }

  static void checkValue(int bytes) {
    if (bytes > KeyValues.MAX_VALUE_BYTES) {
      throw ErrorCode.VALUE_TOO_LONG
          .error("A value is longer than Varve stores.")
          .fact("valueBytes", bytes)
          .fact("maxBytes", KeyValues.MAX_VALUE_BYTES)
          .build();
    }
  }

  @Override
  public int id() {
    return id;
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return reader.get(id, key);
  }

  @Override
  public int get(ByteBuffer key, ByteBuffer value) {
    return reader.get(id, key, value);
  }

  @Override
  public boolean contains(byte[] key) {
    return reader.contains(id, key);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    checkValue(value.length);
    reader.put(id, key, value);
  }

  @Override
  public void put(ByteBuffer key, ByteBuffer value) {
    checkValue(value.remaining());
    reader.put(id, key, value);
  }

  @Override
  public void delete(byte[] key) {
    reader.delete(id, key);
  }

  @Override
  public void deleteRange(byte[] from, byte[] to) {
    reader.deleteRange(id, from, to);
  }

  @Override
  public BatchCursor scan(KeyRange range) {
    return reader.scan(id, range);
  }
}
