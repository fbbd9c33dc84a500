// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.catalog;

import dev.varve.core.store.TransactionalStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Where the catalog lies in the store.
 *
 * <pre>
 * keyspace  key                        value
 * 16        'V'                        version: 8 bytes big-endian, one more with each change
 * 16        'S', schema name (UTF-8)   empty
 * 16        'R', id: 4 bytes BE        a relation, see below
 * 17        sequence id: 4 bytes BE    value: 8 bytes BE, called: 1 byte (1 if value was handed out)
 * 18                                   statistics of the optimizer
 *
 * a relation: kind ('T' table, 'V' view, 'Q' sequence): 1 byte, format: 1 byte, then its fields in
 * the order of the record's components, each as follows
 *
 * int, long      8 bytes big-endian
 * boolean        1 byte
 * text           length in bytes as int, UTF-8; length -1 is null
 * list           count as int, elements
 * enum           its name as text
 * type           kind's name as text, size, scale as ints
 * </pre>
 *
 * <p>The key of a relation is also the row that is locked when the relation is used: shared by whoever
 * changes its rows, exclusively by whoever changes its definition.
 */
public final class CatalogFormat {
  /** The keyspace of definitions. */
  public static final int DEFINITIONS = TransactionalStore.FIRST_CATALOG_KEYSPACE;

  /** The keyspace of the values of sequences. */
  public static final int SEQUENCES = DEFINITIONS + 1;

  /** The keyspace of statistics. */
  public static final int STATISTICS = DEFINITIONS + 2;

  static final byte VERSION = 'V';
  static final byte SCHEMA = 'S';
  static final byte RELATION = 'R';
  static final byte TABLE = 'T';
  static final byte VIEW = 'V';
  static final byte SEQUENCE = 'Q';
  static final byte FORMAT = 1;

  private static final int RELATION_KEY_BYTES = 5;

  private CatalogFormat() {}

  static byte[] versionKey() {
    return new byte[] {VERSION};
  }

  static byte[] schemaKey(String schema) {
    byte[] name = schema.getBytes(StandardCharsets.UTF_8);
    byte[] key = new byte[name.length + 1];
    key[0] = SCHEMA;
    System.arraycopy(name, 0, key, 1, name.length);
    return key;
  }

  static String schemaOf(byte[] key) {
    return new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
  }

  /** The key of the relation numbered {@code id} in {@link #DEFINITIONS}. */
  public static byte[] relationKey(int id) {
    return ByteBuffer.allocate(RELATION_KEY_BYTES).put(RELATION).putInt(id).array();
  }

  /** The key of the sequence numbered {@code id} in {@link #SEQUENCES}. */
  public static byte[] sequenceKey(int id) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(id).array();
  }
}
