// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.index;

import dev.varve.ErrorCode;
import dev.varve.Extractor;
import dev.varve.IndexType;
import dev.varve.core.store.IndexDefinition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The directory of named indexes, a keyspace of the store.
 *
 * <pre>
 * key:    name, UTF-8
 * value:  0   version, 1 byte: 1
 *         1   type, 1 byte: 1 BTREE, 2 HASH
 *         2   flags, 1 byte: 1 unique, 2 follows a keyspace
 *         3   keyspace of the entries, 4 bytes big-endian
 *         7   keyspace that it follows, 4 bytes; -1 for none
 *         11  timestamp from which on it is complete, 8 bytes; 2^63 - 1 while it is built
 *         19  name of the keyspace that it follows, UTF-8; empty for none
 * </pre>
 */
public final class IndexDirectoryFormat {
  /** The keyspace. */
  public static final int KEYSPACE = 5;

  private static final byte VERSION = 1;
  private static final int NAME_OFFSET = 19;
  private static final int UNIQUE = 1;
  private static final int FOLLOWING = 2;

  private IndexDirectoryFormat() {}

  /** The value of an index. */
  public static byte[] encode(NamedIndex index) {
    IndexDefinition definition = index.definition();
    String keyspace = definition.keyspace() == null ? "" : definition.keyspace();
    byte[] name = keyspace.getBytes(StandardCharsets.UTF_8);
    int flags = (definition.unique() ? UNIQUE : 0) | (index.isFollowing() ? FOLLOWING : 0);
    return ByteBuffer.allocate(NAME_OFFSET + name.length)
        .put(VERSION)
        .put((byte) (definition.type() == IndexType.BTREE ? 1 : 2))
        .put((byte) flags)
        .putInt(index.id())
        .putInt(index.followed())
        .putLong(index.since())
        .put(name)
        .array();
  }

  /** The index of a name and value. */
  public static NamedIndex decode(String name, byte[] value, @Nullable Extractor extractor) {
    if (value.length < NAME_OFFSET || value[0] != VERSION) {
      throw ErrorCode.CORRUPTION
          .error("The directory of indexes has an entry that cannot be read.")
          .fact("index", name)
          .fact("bytes", value.length)
          .fact("version", value.length == 0 ? -1 : value[0])
          .build();
    }
    ByteBuffer buffer = ByteBuffer.wrap(value);
    IndexType type = buffer.get(1) == 1 ? IndexType.BTREE : IndexType.HASH;
    int flags = buffer.get(2);
    String keyspace =
        (flags & FOLLOWING) == 0
            ? null
            : new String(value, NAME_OFFSET, value.length - NAME_OFFSET, StandardCharsets.UTF_8);
    return new NamedIndex(
        new IndexDefinition(name, type, keyspace, (flags & UNIQUE) != 0),
        buffer.getInt(3),
        buffer.getInt(7),
        buffer.getLong(11),
        extractor);
  }
}
