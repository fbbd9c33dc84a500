// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.KeyRange;
import dev.varve.VarveException;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.Keyspace;
import java.nio.ByteBuffer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A named map as a reader sees it. Its number is looked up at every call, since the map may be created and
 * dropped meanwhile; a write that finds the map dropped once it has its lock goes to the next one of that name.
 */
final class NamedKeyspaceView implements Keyspace {
  private static final int ABSENT = -1;

  private final Reader reader;
  private final String name;

  NamedKeyspaceView(Reader reader, String name) {
    this.reader = reader;
    this.name = name;
  }

  @Override
  public int id() {
    reader.checkActive();
    return reader.resolve(name);
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    int id = id();
    return id == ABSENT ? null : reader.get(id, key);
  }

  @Override
  public int get(ByteBuffer key, ByteBuffer value) {
    int id = id();
    return id == ABSENT ? -1 : reader.get(id, key, value);
  }

  @Override
  public boolean contains(byte[] key) {
    int id = id();
    return id != ABSENT && reader.contains(id, key);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    KeyspaceView.checkValue(value.length);
    write(id -> reader.put(id, key, value));
  }

  @Override
  public void put(ByteBuffer key, ByteBuffer value) {
    KeyspaceView.checkValue(value.remaining());
    write(id -> reader.put(id, key, value));
  }

  @Override
  public void delete(byte[] key) {
    write(id -> reader.delete(id, key));
  }

  @Override
  public void deleteRange(byte[] from, byte[] to) {
    write(id -> reader.deleteRange(id, from, to));
  }

  @Override
  public BatchCursor scan(KeyRange range) {
    int id = id();
    return reader.scan(id == ABSENT ? Integer.MAX_VALUE : id, range);
  }

  private void write(IntConsumer body) {
    reader.checkActive();
    NamedKeyspace keyspace = reader.writable(name);
    while (true) {
      try {
        body.accept(keyspace.id());
        return;
      } catch (VarveException failure) {
        if (!reader.manager.directory().isDropped(keyspace.id())) {
          throw failure;
        }
        keyspace = reader.writable(name);
      }
    }
  }
}
