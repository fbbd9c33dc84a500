// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.Cursor;
import dev.varve.ErrorCode;
import dev.varve.Index;
import dev.varve.IndexType;
import dev.varve.KeyRange;
import dev.varve.txn.index.NamedIndex;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A named index as a reader sees it. */
final class IndexView implements Index {
  private final Reader reader;
  private final NamedIndex index;

  IndexView(Reader reader, NamedIndex index) {
    this.reader = reader;
    this.index = index;
  }

  @Override
  public String name() {
    return index.name();
  }

  @Override
  public IndexType type() {
    return index.definition().type();
  }

  @Override
  public void insert(byte[] indexed, byte[] primaryKey) {
    checkByHand();
    Buffers.checkKeyBytes(primaryKey.length);
    reader.insert(index, indexed, primaryKey.clone());
  }

  @Override
  public void remove(byte[] indexed, byte[] primaryKey) {
    checkByHand();
    Buffers.checkKeyBytes(primaryKey.length);
    reader.remove(index, indexed, primaryKey);
  }

  private void checkByHand() {
    checkPresent();
    if (index.isFollowing()) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("The store keeps this index; it is not changed by hand.")
          .fact("index", name())
          .build();
    }
  }

  private void checkPresent() {
    reader.checkActive();
    reader.manager.namedIndexes().checkPresent(index);
  }

  @Override
  public List<byte[]> find(byte[] indexed) {
    checkPresent();
    byte[] prefix = index.prefix(indexed);
    if (index.definition().unique()) {
      byte[] primaryKey = reader.get(index.id(), prefix);
      return primaryKey == null ? List.of() : List.of(primaryKey);
    }
    List<byte[]> found = new ArrayList<>();
    try (Cursor cursor = reader.scan(index.id(), KeyRange.prefix(prefix))) {
      while (cursor.next()) {
        ByteBuffer key = cursor.keyBuffer();
        byte[] primaryKey = new byte[key.remaining() - prefix.length];
        key.get(key.position() + prefix.length, primaryKey);
        found.add(primaryKey);
      }
    }
    return found;
  }

  @Override
  public Cursor range(KeyRange range) {
    checkPresent();
    if (type() != IndexType.BTREE) {
      throw ErrorCode.NOT_SUPPORTED
          .error("A HASH index finds equal bytes only.")
          .fact("index", name())
          .hint("Create a BTREE index for ranges.")
          .build();
    }
    return new IndexCursor(
        index, reader.scan(index.id(), index.entries(range)), range.isReversed());
  }
}
