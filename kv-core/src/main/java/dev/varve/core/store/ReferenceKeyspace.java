// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import dev.varve.ErrorCode;
import dev.varve.KeyRange;
import dev.varve.VarveException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A keyspace of a {@link ReferenceStore} as a reader sees it: by number, or by name. */
final class ReferenceKeyspace implements Keyspace {
  private final ReferenceReader reader;
  private final int number;
  private final @Nullable String name;

  ReferenceKeyspace(ReferenceReader reader, int number, @Nullable String name) {
    this.reader = reader;
    this.number = number;
    this.name = name;
  }

  @Override
  public int id() {
    if (name == null) {
      return number;
    }
    synchronized (reader.store) {
      return reader.store.keyspaceNumber(name, reader.view());
    }
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    checkKey(key);
    synchronized (reader.store) {
      ReferenceView view = reader.view();
      int keyspace = id();
      if (keyspace < 0) {
        return null;
      }
      RowKey row = new RowKey(keyspace, key.clone());
      byte[] value = view.get(row);
      reader.onRead(RowRange.of(row));
      return value == null ? null : value.clone();
    }
  }

  @Override
  public int get(ByteBuffer key, ByteBuffer value) {
    byte[] found = get(bytes(key));
    if (found == null) {
      return -1;
    }
    value.put(found, 0, Math.min(found.length, value.remaining()));
    return found.length;
  }

  @Override
  public boolean contains(byte[] key) {
    return get(key) != null;
  }

  @Override
  public void put(byte[] key, byte[] value) {
    checkKey(key);
    checkValue(value);
    reader.put(idForWriting(), key.clone(), value.clone());
  }

  @Override
  public void put(ByteBuffer key, ByteBuffer value) {
    put(bytes(key), bytes(value));
  }

  @Override
  public void delete(byte[] key) {
    checkKey(key);
    reader.delete(idForWriting(), key.clone());
  }

  @Override
  public void deleteRange(byte[] from, byte[] to) {
    checkKey(from);
    checkKey(to);
    reader.deleteRange(idForWriting(), KeyRange.between(from, to));
  }

  @Override
  public BatchCursor scan(KeyRange range) {
    return reader.scan(id(), range);
  }

  private int idForWriting() {
    return name == null ? number : reader.store.createKeyspace(name);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return bytes;
  }

  static void checkKey(byte[] key) {
    if (key.length > MAX_KEY_BYTES) {
      throw tooLong(
          ErrorCode.KEY_TOO_LONG, "A key is longer than Varve stores.", key, MAX_KEY_BYTES);
    }
  }

  private static void checkValue(byte[] value) {
    if (value.length > MAX_VALUE_BYTES) {
      throw tooLong(
          ErrorCode.VALUE_TOO_LONG, "A value is longer than Varve stores.", value, MAX_VALUE_BYTES);
    }
  }

  private static VarveException tooLong(ErrorCode code, String sentence, byte[] what, int most) {
    return code.error(sentence).fact("bytes", what.length).fact("maxBytes", most).build();
  }
}
