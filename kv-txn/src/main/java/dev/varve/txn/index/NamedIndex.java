// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.index;

import dev.varve.ErrorCode;
import dev.varve.Extractor;
import dev.varve.IndexType;
import dev.varve.KeyRange;
import dev.varve.KeyValues;
import dev.varve.core.store.IndexDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A named index as the catalog knows it. Immutable; told apart by {@code id}, which is never used again.
 *
 * @param id the keyspace of its entries
 * @param followed the keyspace that it follows, or -1 when it is kept by hand
 * @param since the timestamp from which on it is complete; {@link #BUILDING} while it is not
 * @param extractor null when it is kept by hand, or was not given again after a reopen
 */
public record NamedIndex(
    IndexDefinition definition, int id, int followed, long since, @Nullable Extractor extractor) {
  /** As {@code since}: it is kept up to date but not yet complete. */
  public static final long BUILDING = Long.MAX_VALUE;

  private static final byte[] EMPTY = {};

  /** Its name. */
  public String name() {
    return definition.name();
  }

  /** Whether the store keeps it. */
  public boolean isFollowing() {
    return followed >= 0;
  }

  /** The same with another {@code since}. */
  public NamedIndex since(long timestamp) {
    return new NamedIndex(definition, id, followed, timestamp, extractor);
  }

  private boolean isHash() {
    return definition.type() == IndexType.HASH;
  }

  /** The bytes that the keys of all entries under {@code indexed} begin with; if unique, the key. */
  public byte[] prefix(byte[] indexed) {
    return isHash() ? HashEntryFormat.prefix(indexed) : BTreeEntryFormat.prefix(indexed);
  }

  /** The key of an entry. */
  public byte[] entryKey(byte[] indexed, byte[] primaryKey) {
    byte[] prefix = prefix(indexed);
    byte[] key = prefix;
    if (!definition.unique()) {
      key = Arrays.copyOf(prefix, prefix.length + primaryKey.length);
      System.arraycopy(primaryKey, 0, key, prefix.length, primaryKey.length);
    }
    if (key.length > KeyValues.MAX_KEY_BYTES) {
      throw ErrorCode.KEY_TOO_LONG
          .error("Indexed bytes and primary key are together too long for an index entry.")
          .fact("index", name())
          .fact("indexedBytes", indexed.length)
          .fact("primaryKeyBytes", primaryKey.length)
          .hint("A HASH index takes indexed bytes of any length.")
          .build();
    }
    return key;
  }

  /** The value of an entry. */
  public byte[] entryValue(byte[] primaryKey) {
    return definition.unique() ? primaryKey : EMPTY;
  }

  /** The primary key of an entry. */
  public byte[] primaryKey(byte[] entryKey, byte[] entryValue) {
    if (definition.unique()) {
      return entryValue;
    }
    int prefix = isHash() ? HashEntryFormat.DIGEST_BYTES : BTreeEntryFormat.prefixBytes(entryKey);
    return Arrays.copyOfRange(entryKey, prefix, entryKey.length);
  }

  /** The indexed bytes of an entry of a BTREE. */
  public byte[] indexed(byte[] entryKey) {
    return BTreeEntryFormat.indexed(entryKey);
  }

  /** The entries of a BTREE whose indexed bytes lie in {@code range}. */
  public KeyRange entries(KeyRange range) {
    return BTreeEntryFormat.entries(range);
  }

  /** Where to seek in a BTREE. */
  public byte[] seekKey(byte[] indexed, boolean reversed) {
    return BTreeEntryFormat.seekKey(indexed, reversed);
  }

  /** The bytes under which {@code value} shall be found, each once, ascending; none of null. */
  public NavigableSet<byte[]> extract(byte @Nullable [] value) {
    NavigableSet<byte[]> indexed = new TreeSet<>(Arrays::compareUnsigned);
    if (value != null) {
      indexed.addAll(call(value));
    }
    return indexed;
  }

  private List<byte[]> call(byte[] value) {
    if (extractor == null) {
      throw ErrorCode.EXTRACTOR_MISSING
          .error("An index follows this keyspace, and its extractor was not given.")
          .fact("index", name())
          .fact("keyspace", definition.keyspace())
          .hint("Open with Options.extractor(name, function), or drop the index.")
          .build();
    }
    try {
      return extractor.extract(value);
    } catch (RuntimeException failure) {
      throw ErrorCode.EXTERNAL_ROUTINE
          .error("The extractor of an index failed.")
          .fact("index", name())
          .cause(failure)
          .build();
    }
  }
}
