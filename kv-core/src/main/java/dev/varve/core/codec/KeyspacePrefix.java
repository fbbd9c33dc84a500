// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.codec;

/**
 * The bytes before a user key that say to which keyspace it belongs. Prefixes are prefix-free and
 * sort as the numbers do.
 *
 * <pre>
 * number           bytes
 * 0 .. 191         1: number
 * 192 .. 8,383     2: 0xC0 + (number - 192) / 256, (number - 192) % 256
 * 8,384 ..         5: 0xE0, number as 4 bytes big-endian
 * </pre>
 *
 * The byte 0xFF never begins a prefix, so that it bounds all keyspaces from above.
 */
public final class KeyspacePrefix {
  /** The longest prefix in bytes. */
  public static final int MAX_BYTES = 5;

  private static final int ONE_BYTE = 192;
  private static final int TWO_BYTES = ONE_BYTE + 32 * 256;

  private KeyspacePrefix() {}

  /** The length of the prefix of keyspace {@code id}. */
  public static int length(int id) {
    return id < ONE_BYTE ? 1 : id < TWO_BYTES ? 2 : MAX_BYTES;
  }

  /** Writes the prefix of keyspace {@code id} (not negative) at {@code at}; returns its length. */
  public static int write(int id, byte[] into, int at) {
    assert id >= 0 : id;
    if (id < ONE_BYTE) {
      into[at] = (byte) id;
      return 1;
    }
    if (id < TWO_BYTES) {
      int rest = id - ONE_BYTE;
      into[at] = (byte) (0xC0 + (rest >>> 8));
      into[at + 1] = (byte) rest;
      return 2;
    }
    into[at] = (byte) 0xE0;
    into[at + 1] = (byte) (id >>> 24);
    into[at + 2] = (byte) (id >>> 16);
    into[at + 3] = (byte) (id >>> 8);
    into[at + 4] = (byte) id;
    return MAX_BYTES;
  }

  /** The prefix as an array of its own. */
  public static byte[] of(int id) {
    byte[] prefix = new byte[length(id)];
    write(id, prefix, 0);
    return prefix;
  }

  /** The length of the prefix that begins with the byte {@code first}. */
  public static int lengthFrom(byte first) {
    int unsigned = first & 0xff;
    return unsigned < 0xC0 ? 1 : unsigned < 0xE0 ? 2 : MAX_BYTES;
  }

  /** The keyspace whose prefix stands at {@code at}. */
  public static int read(byte[] from, int at) {
    int first = from[at] & 0xff;
    if (first < 0xC0) {
      return first;
    }
    if (first < 0xE0) {
      return ONE_BYTE + ((first - 0xC0) << 8 | from[at + 1] & 0xff);
    }
    return (from[at + 1] & 0xff) << 24
        | (from[at + 2] & 0xff) << 16
        | (from[at + 3] & 0xff) << 8
        | from[at + 4] & 0xff;
  }
}
