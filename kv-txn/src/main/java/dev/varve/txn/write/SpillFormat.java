// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.write;

import dev.varve.core.codec.Bytes;
import dev.varve.core.codec.KeyspacePrefix;
import java.util.Arrays;

/**
 * How pending writes that are too many for memory stand in the store, in a keyspace of their own that is
 * emptied when the store is opened.
 *
 * <pre>
 * key:    prefix of keyspace 4 | transaction, 8 bytes big-endian | run, 4 bytes big-endian | physical key
 * value:  kind, 1 byte: 1 put, 2 delete | the value of a put
 * </pre>
 *
 * Later runs of a transaction count more than earlier ones.
 */
public final class SpillFormat {
  /** The keyspace. */
  public static final int KEYSPACE = 4;

  /** The bytes before the physical key. */
  static final int HEADER_BYTES = 1 + Long.BYTES + Integer.BYTES;

  private SpillFormat() {}

  /** The first key of the run that a physical key could follow. */
  static byte[] prefix(long transaction, int run) {
    byte[] prefix = new byte[HEADER_BYTES];
    KeyspacePrefix.write(KEYSPACE, prefix, 0);
    Bytes.setLongBE(prefix, 1, transaction);
    for (int i = 0; i < Integer.BYTES; i++) {
      prefix[1 + Long.BYTES + i] = (byte) (run >>> 8 * (Integer.BYTES - 1 - i));
    }
    return prefix;
  }

  /** The prefix and a physical key. */
  static byte[] key(byte[] prefix, byte[] key, int offset, int length) {
    byte[] spilled = Arrays.copyOf(prefix, prefix.length + length);
    System.arraycopy(key, offset, spilled, prefix.length, length);
    return spilled;
  }
}
