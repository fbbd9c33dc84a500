// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.index;

import dev.varve.KeyRange;
import java.util.Arrays;

/**
 * The entries of a BTREE index, each an entry of the index's own keyspace.
 *
 * <pre>
 * key:    the indexed bytes, each 0x00 among them followed by 0xFF | 0x00 0x01 | primary key, unless unique
 * value:  empty; if unique the primary key
 * </pre>
 *
 * Entries sort by indexed bytes, then by primary key: 0x00 0x01 is less than whatever can follow a prefix
 * of other indexed bytes.
 */
final class BTreeEntryFormat {
  private static final byte ESCAPED_ZERO = (byte) 0xff;
  private static final byte END = 1;

  private BTreeEntryFormat() {}

  /** The bytes that the keys of all entries under {@code indexed} begin with. */
  static byte[] prefix(byte[] indexed) {
    byte[] prefix = escape(indexed, 2);
    prefix[prefix.length - 1] = END;
    return prefix;
  }

  /** The keys of the entries whose indexed bytes lie in {@code range}, in its direction. */
  static KeyRange entries(KeyRange range) {
    byte[] from = range.from();
    byte[] to = range.to();
    byte[] low = from == null ? new byte[0] : escape(from, 0);
    KeyRange entries = to == null ? KeyRange.atLeast(low) : KeyRange.between(low, escape(to, 0));
    return range.isReversed() ? entries.reversed() : entries;
  }

  /** Where a cursor of the direction has to seek to find the first entry at or after {@code indexed}. */
  static byte[] seekKey(byte[] indexed, boolean reversed) {
    byte[] key = escape(indexed, 2);
    key[key.length - 1] = reversed ? END + 1 : END;
    return key;
  }

  /** The length of the part of an entry's key before the primary key. */
  static int prefixBytes(byte[] key) {
    int at = 0;
    while (key[at] != 0 || key[at + 1] != END) {
      at += key[at] == 0 ? 2 : 1;
    }
    return at + 2;
  }

  /** The indexed bytes of an entry. */
  static byte[] indexed(byte[] key) {
    int end = prefixBytes(key) - 2;
    byte[] indexed = new byte[end];
    int length = 0;
    for (int at = 0; at < end; at++) {
      indexed[length++] = key[at];
      if (key[at] == 0) {
        at++;
      }
    }
    return length == end ? indexed : Arrays.copyOf(indexed, length);
  }

  private static byte[] escape(byte[] indexed, int room) {
    int zeros = 0;
    for (byte each : indexed) {
      zeros += each == 0 ? 1 : 0;
    }
    byte[] escaped = Arrays.copyOf(indexed, indexed.length + zeros + room);
    if (zeros > 0) {
      int to = 0;
      for (byte each : indexed) {
        escaped[to++] = each;
        if (each == 0) {
          escaped[to++] = ESCAPED_ZERO;
        }
      }
      Arrays.fill(escaped, to, escaped.length, (byte) 0);
    }
    return escaped;
  }
}
