// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.core.codec.Bytes;
import dev.varve.lsm.key.Trailer;
import java.nio.ByteBuffer;

/**
 * A data block: versions in order, each reachable by its number. All numbers little-endian.
 *
 * <pre>
 * offset      bytes  what
 * 0           4      n: number of versions, at least 1
 * 4           4      bits 0-16 p: bytes that all keys of the block begin with
 *                    bits 24-27 s: bytes of a stamp, 0 to 8
 *                    bit 29 continued: the next block may begin with a version of the last key
 *                    bit 30 wide: offsets take four bytes, else two
 *                    bit 31 stripped: keys stand without their first p bytes
 * 8           8      base: the least timestamp of the block that is not 0
 * 16          8      the greatest timestamp of the block
 * 24          p      what all keys begin with
 * 24+p        4*n    heads: of each key the four bytes after the first p, zeros after its end, as a
 *                    big-endian number with the sign bit flipped
 * ..          2|4*n  offsets of the versions from the block's begin
 * ..                 versions
 * ..          8      zeros, so that eight bytes can be read wherever a version stands
 *
 * version
 * 0           1      bits 0-1 kind, bit 2 dated
 * 1           1-3    k: length of the key as it stands here, varint
 * ..          1-5    v: length of the value, varint
 * ..          s      when dated: timestamp - base; otherwise absent, and the timestamp is 0
 * ..          k      key, without the first p bytes if stripped
 * ..          v      value
 * </pre>
 *
 * The heads, at the front and together, decide nearly every comparison of a search, so that a point
 * look-up touches them and the one version it wants. Keys are whole or lack only what all of them
 * share: a version is decoded without those before it, and where nothing is stripped its key is read
 * where it stands.
 */
final class BlockFormat {
  static final int HEADER_BYTES = 24;
  static final int PADDING_BYTES = 8;
  static final int HEAD_BYTES = 4;

  static final int CONTINUED = 1 << 29;
  static final int WIDE = 1 << 30;
  static final int STRIPPED = 1 << 31;
  static final int STAMP_SHIFT = 24;
  static final int STAMP_MASK = 0xf;

  static final int TAG_KIND_MASK = 3;
  static final int TAG_DATED = 4;

  /** The largest block whose offsets take two bytes. */
  static final int MAX_NARROW_BYTES = 0xffff;

  private static final int PREFIX_MASK = (1 << 17) - 1;
  private static final int WORD = 4;
  private static final int BASE = 8;
  private static final int NEWEST = 16;

  private static final int KEY_BITS = 17;
  private static final int VALUE_BITS = 31;
  private static final int BOTH_ONE_BYTE = 0x80_80_00;

  private BlockFormat() {}

  static void writeHeader(
      ByteBuffer into, int entries, int prefixAndFlags, long base, long newest) {
    Bytes.setIntLE(into, 0, entries);
    Bytes.setIntLE(into, WORD, prefixAndFlags);
    Bytes.setLongLE(into, BASE, base);
    Bytes.setLongLE(into, NEWEST, newest);
  }

  static int entries(ByteBuffer buffer, int block) {
    return Bytes.intLE(buffer, block);
  }

  /** Prefix length and flags. */
  static int word(ByteBuffer buffer, int block) {
    return Bytes.intLE(buffer, block + WORD);
  }

  static int prefixBytes(int word) {
    return word & PREFIX_MASK;
  }

  static int stampBytes(int word) {
    return word >>> STAMP_SHIFT & STAMP_MASK;
  }

  static long stampMask(int word) {
    int bytes = stampBytes(word);
    return bytes == 0 ? 0 : -1L >>> Long.SIZE - bytes * Byte.SIZE;
  }

  static long base(ByteBuffer buffer, int block) {
    return Bytes.longLE(buffer, block + BASE);
  }

  static long newest(ByteBuffer buffer, int block) {
    return Bytes.longLE(buffer, block + NEWEST);
  }

  /** Where the offsets of the versions stand. */
  static int offsets(int block, int entries, int word) {
    return block + HEADER_BYTES + prefixBytes(word) + entries * HEAD_BYTES;
  }

  /** Where version {@code index} stands. */
  static int version(ByteBuffer buffer, int block, int offsets, int word, int index) {
    return block
        + ((word & WIDE) != 0
            ? Bytes.intLE(buffer, offsets + index * 4)
            : Bytes.intLE(buffer, offsets + index * 2) & 0xffff);
  }

  /**
   * The lengths of a version: use {@link #keyBytes}, {@link #valueBytes} and {@link #headerBytes} on
   * the result.
   */
  static long lengths(ByteBuffer buffer, int version) {
    int word = Bytes.intLE(buffer, version);
    if ((word & BOTH_ONE_BYTE) == 0) {
      return pack(word >>> 8 & 0x7f, word >>> 16 & 0x7f, 3);
    }
    return longLengths(buffer, version);
  }

  private static long longLengths(ByteBuffer buffer, int version) {
    int at = version + 1;
    int keyBytes = 0;
    int shift = 0;
    int b;
    do {
      b = buffer.get(at++);
      keyBytes |= (b & 0x7f) << shift;
      shift += 7;
    } while (b < 0);
    int valueBytes = 0;
    shift = 0;
    do {
      b = buffer.get(at++);
      valueBytes |= (b & 0x7f) << shift;
      shift += 7;
    } while (b < 0);
    return pack(keyBytes, valueBytes, at - version);
  }

  private static long pack(int keyBytes, int valueBytes, int headerBytes) {
    return keyBytes | (long) valueBytes << KEY_BITS | (long) headerBytes << KEY_BITS + VALUE_BITS;
  }

  static int keyBytes(long lengths) {
    return (int) lengths & PREFIX_MASK;
  }

  static int valueBytes(long lengths) {
    return (int) (lengths >>> KEY_BITS) & Integer.MAX_VALUE;
  }

  /** Bytes before the stamp. */
  static int headerBytes(long lengths) {
    return (int) (lengths >>> KEY_BITS + VALUE_BITS);
  }

  /** Bytes of the stamp of the version whose first byte is {@code tag}. */
  static int stampBytes(int tag, int word) {
    return (tag & TAG_DATED) != 0 ? stampBytes(word) : 0;
  }

  /** The trailer of a version whose stamp, if it is dated, stands at {@code stamp}. */
  static long trailer(ByteBuffer buffer, int tag, int stamp, long base, long stampMask) {
    long timestamp = (tag & TAG_DATED) != 0 ? base + (Bytes.longLE(buffer, stamp) & stampMask) : 0;
    return Trailer.of(timestamp & Trailer.MAX_TIMESTAMP, tag & TAG_KIND_MASK);
  }

  /** The head of a key whose bytes after what all share are given. */
  static int head(byte[] key, int at, int bytes) {
    if (bytes >= HEAD_BYTES && at >= HEAD_BYTES) {
      return (int) Bytes.longBE(key, at - HEAD_BYTES) ^ Integer.MIN_VALUE;
    }
    int head = 0;
    for (int i = 0; i < HEAD_BYTES; i++) {
      head = head << 8 | (i < bytes ? key[at + i] & 0xff : 0);
    }
    return head ^ Integer.MIN_VALUE;
  }

  /** Length of the varint of {@code value}. */
  static int varintBytes(int value) {
    return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : value < 1 << 28 ? 4 : 5;
  }

  /** Writes a varint; returns where it ends. */
  static int writeVarint(byte[] into, int at, int value) {
    int end = at;
    int rest = value;
    while (rest > 0x7f) {
      into[end++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    into[end++] = (byte) rest;
    return end;
  }

  /**
   * Whether what stands there, its checksum being right, is such a block: so that no search begins
   * from a count that the block cannot hold.
   */
  static boolean isPlausible(ByteBuffer buffer, int block, int rawBytes) {
    if (rawBytes < HEADER_BYTES + HEAD_BYTES + 2 + PADDING_BYTES) {
      return false;
    }
    long n = Bytes.intLE(buffer, block) & 0xffff_ffffL;
    int word = word(buffer, block);
    long offsets = HEADER_BYTES + prefixBytes(word) + n * HEAD_BYTES;
    long versions = offsets + n * ((word & WIDE) != 0 ? 4 : 2);
    return n > 0 && stampBytes(word) <= Long.BYTES && versions + n * 3 + PADDING_BYTES <= rawBytes;
  }
}
