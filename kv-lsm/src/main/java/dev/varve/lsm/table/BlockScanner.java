// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.core.codec.Bytes;
import dev.varve.lsm.key.Trailer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a data block from its first version to its last and believes nothing: every place,
 * length and head is held against what it must be. For checking and salvage, where it matters more
 * that a contradiction is found than how long it takes.
 */
final class BlockScanner {
  private static final int SLACK_BYTES = 64;

  private final ByteBuffer buffer;
  private final int block;
  private final int end;
  private final int entries;
  private final int word;
  private final int offsets;
  private final int prefixBytes;
  private final byte[] prefix;
  private ByteBuffer key;

  private int index = -1;
  private int expectedAt;
  private int keyBytes;
  private long trailer;
  private int valueOffset;
  private int valueBytes;

  private BlockScanner(ByteBuffer buffer, int block, int rawBytes) {
    this.buffer = buffer;
    this.block = block;
    this.end = block + rawBytes - BlockFormat.PADDING_BYTES;
    this.entries = BlockFormat.entries(buffer, block);
    this.word = BlockFormat.word(buffer, block);
    this.offsets = BlockFormat.offsets(block, entries, word);
    this.prefixBytes = BlockFormat.prefixBytes(word);
    this.prefix = new byte[prefixBytes];
    buffer.get(block + BlockFormat.HEADER_BYTES, prefix);
    this.key = ByteBuffer.allocate(prefixBytes + SLACK_BYTES);
    key.put(0, prefix);
    this.expectedAt = offsets + entries * ((word & BlockFormat.WIDE) != 0 ? 4 : 2);
  }

  /** A scanner before the first version; null if what stands there is no block. */
  static @Nullable BlockScanner of(ByteBuffer buffer, int block, int rawBytes) {
    return BlockFormat.isPlausible(buffer, block, rawBytes)
        ? new BlockScanner(buffer, block, rawBytes)
        : null;
  }

  int entries() {
    return entries;
  }

  boolean hasNext() {
    return index + 1 < entries;
  }

  /** Moves to the next version, which is there; says what is wrong with it, or null. */
  @Nullable String next() {
    index++;
    int version = BlockFormat.version(buffer, block, offsets, word, index);
    if (version != expectedAt || version > end - 3) {
      return "offset";
    }
    long lengths = BlockFormat.lengths(buffer, version);
    int tag = buffer.get(version);
    int stamp = version + BlockFormat.headerBytes(lengths);
    int keyAt = stamp + BlockFormat.stampBytes(tag, word);
    int stored = BlockFormat.keyBytes(lengths);
    valueBytes = BlockFormat.valueBytes(lengths);
    if ((long) keyAt + stored + valueBytes > end) {
      return "length";
    }
    if (tag >>> 3 != 0) {
      return "tag";
    }
    valueOffset = keyAt + stored;
    expectedAt = valueOffset + valueBytes;
    trailer =
        BlockFormat.trailer(
            buffer, tag, stamp, BlockFormat.base(buffer, block), BlockFormat.stampMask(word));
    return readKey(keyAt, stored);
  }

  private @Nullable String readKey(int keyAt, int stored) {
    int shared = (word & BlockFormat.STRIPPED) != 0 ? prefixBytes : 0;
    keyBytes = shared + stored;
    if (keyBytes > key.capacity()) {
      key = ByteBuffer.allocate(keyBytes + SLACK_BYTES).put(0, prefix);
    }
    buffer.get(keyAt, key.array(), shared, stored);
    if (keyBytes < prefixBytes || Bytes.compare(key, 0, prefixBytes, prefix, 0, prefixBytes) != 0) {
      return "shared bytes";
    }
    int headAt = offsets - (entries - index) * BlockFormat.HEAD_BYTES;
    int head = BlockFormat.head(key.array(), prefixBytes, keyBytes - prefixBytes);
    if (Bytes.intLE(buffer, headAt) != head) {
      return "head";
    }
    return trailerIsWithin() ? null : "timestamp";
  }

  private boolean trailerIsWithin() {
    long timestamp = Trailer.timestamp(trailer);
    return timestamp <= BlockFormat.newest(buffer, block);
  }

  /** Holds the current key, from its begin. */
  ByteBuffer key() {
    return key;
  }

  int keyBytes() {
    return keyBytes;
  }

  long trailer() {
    return trailer;
  }

  int valueOffset() {
    return valueOffset;
  }

  int valueBytes() {
    return valueBytes;
  }
}
