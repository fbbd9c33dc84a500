// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.core.codec.Bytes;
import dev.varve.lsm.key.Trailer;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Collects versions and lays out a data block of them. What all keys share is only known at the end,
 * so keys and values wait side by side until then. One thread; reused from block to block.
 */
final class BlockBuilder {
  /** Keys are stripped when that saves at least this part of the block. */
  private static final int WORTH_STRIPPING = 16;

  private byte[] keys = new byte[4 << 10];
  private byte[] values = new byte[8 << 10];
  private int[] keyEnds = new int[64];
  private int[] valueEnds = new int[64];
  private long[] trailers = new long[64];
  private int count;
  private int sharedBytes;
  private int lengthBytes;
  private int dated;
  private long base;
  private long newest;

  private byte[] block = new byte[8 << 10];
  private ByteBuffer view = ByteBuffer.wrap(block);
  private int blockBytes;

  boolean isEmpty() {
    return count == 0;
  }

  /** Bytes of the block if it were laid out with one more version; never too few. */
  long bytesWith(ByteBuffer key, int keyOffset, int keyBytes, long trailer, int valueBytes) {
    int shared = count == 0 ? 0 : sharedWithFirst(key, keyOffset, keyBytes);
    long timestamp = Trailer.timestamp(trailer);
    int stamped = dated + (timestamp == 0 ? 0 : 1);
    long newBase = timestamp == 0 ? base : dated == 0 ? timestamp : Math.min(base, timestamp);
    return bytes(
        count + 1,
        shared,
        (count == 0 ? 0L : keyEnds[count - 1]) + keyBytes,
        (count == 0 ? 0L : valueEnds[count - 1]) + valueBytes,
        lengthBytes + BlockFormat.varintBytes(keyBytes) + BlockFormat.varintBytes(valueBytes),
        stamped,
        stampBytes(newBase, Math.max(newest, timestamp)));
  }

  /** Bytes of the block if it were laid out now; never too few. */
  long estimatedBytes() {
    return count == 0
        ? 0
        : bytes(
            count,
            sharedBytes,
            keyEnds[count - 1],
            valueEnds[count - 1],
            lengthBytes,
            dated,
            stampBytes(base, newest));
  }

  private static long bytes(
      int n, int shared, long keyBytes, long valueBytes, int lengthBytes, int dated, int stamp) {
    long versions =
        n
            + lengthBytes
            + keyBytes
            - (isWorthStripping(n, shared, keyBytes + valueBytes) ? (long) n * shared : 0)
            + valueBytes
            + (long) dated * stamp;
    long narrow =
        BlockFormat.HEADER_BYTES
            + shared
            + (long) n * (BlockFormat.HEAD_BYTES + 2)
            + versions
            + BlockFormat.PADDING_BYTES;
    return narrow <= BlockFormat.MAX_NARROW_BYTES ? narrow : narrow + 2L * n;
  }

  private static boolean isWorthStripping(int n, int shared, long bytes) {
    return (long) shared * (n - 1) * WORTH_STRIPPING >= bytes && n > 1;
  }

  private static int stampBytes(long base, long newest) {
    return (Long.SIZE - Long.numberOfLeadingZeros(newest - base) + Byte.SIZE - 1) / Byte.SIZE;
  }

  /** Bytes that the first key and this one begin with, of those that all so far share. */
  private int sharedWithFirst(ByteBuffer key, int keyOffset, int keyBytes) {
    int limit = Math.min(count == 1 ? keyEnds[0] : sharedBytes, keyBytes);
    int i = 0;
    while (i < limit && keys[i] == key.get(keyOffset + i)) {
      i++;
    }
    return i;
  }

  void add(
      ByteBuffer key,
      int keyOffset,
      int keyBytes,
      long trailer,
      ByteBuffer value,
      int valueOffset,
      int valueBytes) {
    if (count == trailers.length) {
      growEntries();
    }
    sharedBytes = count == 0 ? 0 : sharedWithFirst(key, keyOffset, keyBytes);
    int keyStart = count == 0 ? 0 : keyEnds[count - 1];
    int valueStart = count == 0 ? 0 : valueEnds[count - 1];
    keys = ensure(keys, keyStart, keyBytes);
    values = ensure(values, valueStart, valueBytes);
    key.get(keyOffset, keys, keyStart, keyBytes);
    value.get(valueOffset, values, valueStart, valueBytes);
    keyEnds[count] = keyStart + keyBytes;
    valueEnds[count] = valueStart + valueBytes;
    trailers[count++] = trailer;
    lengthBytes += BlockFormat.varintBytes(keyBytes) + BlockFormat.varintBytes(valueBytes);
    date(Trailer.timestamp(trailer));
  }

  private void date(long timestamp) {
    if (timestamp != 0) {
      base = dated == 0 ? timestamp : Math.min(base, timestamp);
      newest = Math.max(newest, timestamp);
      dated++;
    }
  }

  private void growEntries() {
    int capacity = trailers.length * 2;
    keyEnds = Arrays.copyOf(keyEnds, capacity);
    valueEnds = Arrays.copyOf(valueEnds, capacity);
    trailers = Arrays.copyOf(trailers, capacity);
  }

  private static byte[] ensure(byte[] array, int used, int more) {
    long needed = (long) used + more;
    return needed <= array.length
        ? array
        : Arrays.copyOf(array, Math.toIntExact(Math.max(needed, array.length * 2L)));
  }

  /** Lays out the block; see {@link #block} and {@link #blockBytes}. */
  void build(boolean continued) {
    int keyBytes = keyEnds[count - 1];
    int shared = sharedBytes;
    boolean stripped = isWorthStripping(count, shared, (long) keyBytes + valueEnds[count - 1]);
    int stamp = stampBytes(base, newest);
    long most = bytes(count, shared, keyBytes, valueEnds[count - 1], lengthBytes, dated, stamp);
    reserve(Math.toIntExact(most));
    boolean wide = most > BlockFormat.MAX_NARROW_BYTES;
    int word =
        shared
            | stamp << BlockFormat.STAMP_SHIFT
            | (continued ? BlockFormat.CONTINUED : 0)
            | (wide ? BlockFormat.WIDE : 0)
            | (stripped ? BlockFormat.STRIPPED : 0);
    BlockFormat.writeHeader(view, count, word, base, newest);
    System.arraycopy(keys, 0, block, BlockFormat.HEADER_BYTES, shared);
    writeVersions(word, wide ? 4 : 2);
  }

  private void writeVersions(int word, int offsetBytes) {
    int shared = BlockFormat.prefixBytes(word);
    int heads = BlockFormat.HEADER_BYTES + shared;
    int offsets = heads + count * BlockFormat.HEAD_BYTES;
    int at = offsets + count * offsetBytes;
    int stripped = (word & BlockFormat.STRIPPED) != 0 ? shared : 0;
    for (int i = 0, keyStart = 0, valueStart = 0; i < count; i++) {
      int keyBytes = keyEnds[i] - keyStart;
      int valueBytes = valueEnds[i] - valueStart;
      int head = BlockFormat.head(keys, keyStart + shared, keyBytes - shared);
      Bytes.setIntLE(view, heads + i * BlockFormat.HEAD_BYTES, head);
      for (int b = 0; b < offsetBytes; b++) {
        block[offsets + i * offsetBytes + b] = (byte) (at >>> b * Byte.SIZE);
      }
      at = writeVersionHeader(at, trailers[i], keyBytes - stripped, valueBytes, word);
      System.arraycopy(keys, keyStart + stripped, block, at, keyBytes - stripped);
      at += keyBytes - stripped;
      System.arraycopy(values, valueStart, block, at, valueBytes);
      at += valueBytes;
      keyStart = keyEnds[i];
      valueStart = valueEnds[i];
    }
    Bytes.setLongLE(view, at, 0);
    blockBytes = at + BlockFormat.PADDING_BYTES;
  }

  private int writeVersionHeader(int from, long trailer, int keyBytes, int valueBytes, int word) {
    long timestamp = Trailer.timestamp(trailer);
    block[from] = (byte) (Trailer.kind(trailer) | (timestamp == 0 ? 0 : BlockFormat.TAG_DATED));
    int at = BlockFormat.writeVarint(block, from + 1, keyBytes);
    at = BlockFormat.writeVarint(block, at, valueBytes);
    if (timestamp != 0) {
      Bytes.setLongLE(view, at, timestamp - base);
      at += BlockFormat.stampBytes(word);
    }
    return at;
  }

  /**
   * Lays out a block of one version without its value, for a value too large to be copied: the
   * block is what {@link #block} then holds, the value, and {@link BlockFormat#PADDING_BYTES} zeros.
   * It is written before the next version is seen, so that it says that it may be continued.
   */
  void buildAround(ByteBuffer key, int keyOffset, int keyBytes, long trailer, int valueBytes) {
    long timestamp = Trailer.timestamp(trailer);
    int start = BlockFormat.HEADER_BYTES + BlockFormat.HEAD_BYTES + 4;
    reserve(start + 1 + 3 + 5 + keyBytes);
    int word = BlockFormat.WIDE | BlockFormat.CONTINUED;
    BlockFormat.writeHeader(view, 1, word, timestamp, timestamp);
    Bytes.setIntLE(view, BlockFormat.HEADER_BYTES + BlockFormat.HEAD_BYTES, start);
    base = timestamp;
    int at = writeVersionHeader(start, trailer, keyBytes, valueBytes, word);
    base = 0;
    key.get(keyOffset, block, at, keyBytes);
    int head = BlockFormat.head(block, at, keyBytes);
    Bytes.setIntLE(view, BlockFormat.HEADER_BYTES, head);
    blockBytes = at + keyBytes;
  }

  private void reserve(int bytes) {
    int needed = bytes + Long.BYTES;
    if (needed > block.length) {
      block = new byte[Math.max(needed, block.length * 2)];
      view = ByteBuffer.wrap(block);
    }
  }

  /** The block that was laid out last. */
  byte[] block() {
    return block;
  }

  /** Its length. */
  int blockBytes() {
    return blockBytes;
  }

  /** Forgets what was added. */
  void clear() {
    count = 0;
    sharedBytes = 0;
    lengthBytes = 0;
    dated = 0;
    base = 0;
    newest = 0;
  }
}
