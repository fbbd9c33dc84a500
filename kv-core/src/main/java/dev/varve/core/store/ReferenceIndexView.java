// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import dev.varve.Cursor;
import dev.varve.ErrorCode;
import dev.varve.Index;
import dev.varve.IndexType;
import dev.varve.KeyRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A named index of a {@link ReferenceStore} as a reader sees it. */
final class ReferenceIndexView implements Index {
  private final ReferenceReader reader;
  private final ReferenceIndex index;

  ReferenceIndexView(ReferenceReader reader, ReferenceIndex index) {
    this.reader = reader;
    this.index = index;
  }

  @Override
  public String name() {
    return index.definition().name();
  }

  @Override
  public IndexType type() {
    return index.definition().type();
  }

  @Override
  public void insert(byte[] indexed, byte[] primaryKey) {
    checkByHand();
    reader.insert(index, indexed.clone(), primaryKey.clone());
  }

  @Override
  public void remove(byte[] indexed, byte[] primaryKey) {
    checkByHand();
    reader.remove(index, indexed.clone(), primaryKey.clone());
  }

  @Override
  public List<byte[]> find(byte[] indexed) {
    reader.store.checkPresent(index);
    List<byte[]> found = new ArrayList<>();
    KeyRange entries = KeyRange.prefix(ReferenceIndex.prefix(indexed));
    try (Cursor cursor = reader.scan(index.id(), entries)) {
      while (cursor.next()) {
        found.add(ReferenceIndex.primaryKey(cursor.key()));
      }
    }
    return found;
  }

  @Override
  public Cursor range(KeyRange range) {
    reader.store.checkPresent(index);
    if (type() != IndexType.BTREE) {
      throw ErrorCode.NOT_SUPPORTED
          .error("A HASH index finds equal bytes only.")
          .fact("index", name())
          .build();
    }
    BatchCursor entries = reader.scan(index.id(), ReferenceIndex.entries(range));
    return new Cursor() {
      @Override
      public boolean next() {
        return entries.next();
      }

      @Override
      public boolean seek(byte[] key) {
        KeyRange at = ReferenceIndex.entries(KeyRange.atLeast(key));
        KeyRange after = KeyRange.prefix(ReferenceIndex.prefix(key));
        return entries.seek(range.isReversed() ? after.to() : at.from());
      }

      @Override
      public byte[] key() {
        return ReferenceIndex.indexed(entries.key());
      }

      @Override
      public byte[] value() {
        return ReferenceIndex.primaryKey(entries.key());
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
    };
  }

  private void checkByHand() {
    reader.store.checkPresent(index);
    if (index.extractor() != null) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("The store keeps this index; it is not changed by hand.")
          .fact("index", name())
          .build();
    }
  }
}
