// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.core.codec.Bytes;
import java.nio.ByteBuffer;

/** Searches a data block where it stands. */
final class DataBlock {
  /** The key is not there. */
  static final int ABSENT = -1;

  /** If the key has such a version, the next block begins with it. */
  static final int IN_NEXT = -2;

  /** Versions looked at one by one before a search by halves. */
  private static final int MAX_STEPS = 4;

  /** Heads counted one by one; more are halved first. */
  private static final int COUNTED = 8;

  /** Size of a cache line. */
  private static final int LINE_BYTES = 64;

  /** So that the compiler does not take what is read for unused; of no effect when it occurs. */
  private static final int UNLIKELY = 0x6e61_5a7c;

  private static final int FETCHED_BYTES = 4 * LINE_BYTES;

  private DataBlock() {}

  /**
   * Reads the second to the fourth cache line of a block, in which the heads mostly stand, so that
   * they are on their way together with the first. Where they begin is written in the first, so that
   * the processor would else wait for that one before it asks for the others.
   */
  private static void fetch(ByteBuffer buffer, int block) {
    if (block <= buffer.capacity() - FETCHED_BYTES) {
      int read =
          Bytes.intLE(buffer, block + LINE_BYTES)
              ^ Bytes.intLE(buffer, block + 2 * LINE_BYTES)
              ^ Bytes.intLE(buffer, block + 3 * LINE_BYTES);
      if (read == UNLIKELY) {
        Thread.onSpinWait();
      }
    }
  }

  /**
   * Finds the first version of a key at or after {@code trailer} in order.
   *
   * @return where it stands, {@link #ABSENT} or {@link #IN_NEXT}
   */
  static int find(ByteBuffer buffer, int block, byte[] key, int offset, int bytes, long trailer) {
    int n = BlockFormat.entries(buffer, block);
    int word = BlockFormat.word(buffer, block);
    int prefix = BlockFormat.prefixBytes(word);
    if (comparePrefix(buffer, block, prefix, key, offset, bytes) != 0) {
      return ABSENT;
    }
    int heads = block + BlockFormat.HEADER_BYTES + prefix;
    int head = BlockFormat.head(key, offset + prefix, bytes - prefix);
    int offsets = heads + n * BlockFormat.HEAD_BYTES;
    int i = countLess(buffer, heads, n, head);
    int steps = 0;
    while (i < n && Bytes.intLE(buffer, heads + i * BlockFormat.HEAD_BYTES) == head) {
      if (steps++ == MAX_STEPS) {
        i = lowerBoundAmong(buffer, block, i, n, head, key, offset, bytes, trailer);
        if (i == n) {
          break;
        }
      }
      int version = BlockFormat.version(buffer, block, offsets, word, i);
      int order = compareKey(buffer, version, word, key, offset, bytes);
      if (order > 0) {
        return ABSENT;
      }
      if (order == 0 && trailer(buffer, block, word, version) <= trailer) {
        return version;
      }
      i++;
    }
    return i == n && (word & BlockFormat.CONTINUED) != 0 ? IN_NEXT : ABSENT;
  }

  /** The number of versions that stand before (key, trailer) in order. */
  static int lowerBound(
      ByteBuffer buffer, int block, byte[] key, int offset, int bytes, long trailer) {
    fetch(buffer, block);
    int n = BlockFormat.entries(buffer, block);
    int prefix = BlockFormat.prefixBytes(BlockFormat.word(buffer, block));
    int order = comparePrefix(buffer, block, prefix, key, offset, bytes);
    if (order != 0) {
      return order > 0 ? 0 : n;
    }
    int heads = block + BlockFormat.HEADER_BYTES + prefix;
    int head = BlockFormat.head(key, offset + prefix, bytes - prefix);
    int i = countLess(buffer, heads, n, head);
    if (i == n || Bytes.intLE(buffer, heads + i * BlockFormat.HEAD_BYTES) != head) {
      return i;
    }
    return lowerBoundAmong(buffer, block, i, n, head, key, offset, bytes, trailer);
  }

  /** The same, when the search has come down to the versions from {@code first} with this head. */
  private static int lowerBoundAmong(
      ByteBuffer buffer,
      int block,
      int first,
      int n,
      int head,
      byte[] key,
      int offset,
      int bytes,
      long trailer) {
    int word = BlockFormat.word(buffer, block);
    int heads = block + BlockFormat.HEADER_BYTES + BlockFormat.prefixBytes(word);
    int offsets = heads + n * BlockFormat.HEAD_BYTES;
    int low = first;
    int high =
        head == Integer.MAX_VALUE
            ? n
            : first
                + countLess(buffer, heads + first * BlockFormat.HEAD_BYTES, n - first, head + 1);
    int probe = low;
    while (low < high) {
      int version = BlockFormat.version(buffer, block, offsets, word, probe);
      int order = compareKey(buffer, version, word, key, offset, bytes);
      if (order < 0 || order == 0 && trailer(buffer, block, word, version) > trailer) {
        low = probe + 1;
      } else {
        high = probe;
      }
      probe = low + high >>> 1;
    }
    return low;
  }

  /** How many of {@code n} ascending heads are less than {@code head}. */
  private static int countLess(ByteBuffer buffer, int heads, int n, int head) {
    int from = heads;
    int length = n;
    while (length > COUNTED) {
      int half = length >>> 1;
      int middle = from + half * BlockFormat.HEAD_BYTES;
      from = Bytes.intLE(buffer, middle - BlockFormat.HEAD_BYTES) < head ? middle : from;
      length -= half;
    }
    int less = 0;
    int i = 0;
    for (; i < length - 1; i += 2) {
      long two = Bytes.longLE(buffer, from + i * BlockFormat.HEAD_BYTES);
      less += ((int) two < head ? 1 : 0) + ((int) (two >>> 32) < head ? 1 : 0);
    }
    if (i < length && Bytes.intLE(buffer, from + i * BlockFormat.HEAD_BYTES) < head) {
      less++;
    }
    return (from - heads) / BlockFormat.HEAD_BYTES + less;
  }

  /** Orders what all keys of the block begin with against the key; 0 when the key begins so, too. */
  private static int comparePrefix(
      ByteBuffer buffer, int block, int prefix, byte[] key, int offset, int bytes) {
    int at = block + BlockFormat.HEADER_BYTES;
    if (bytes >= prefix) {
      return Bytes.compare(buffer, at, prefix, key, offset, prefix);
    }
    int order = Bytes.compare(buffer, at, bytes, key, offset, bytes);
    return order != 0 ? order : 1;
  }

  /** Orders a version's user key against one that begins with what all share. */
  private static int compareKey(
      ByteBuffer buffer, int version, int word, byte[] key, int offset, int bytes) {
    long lengths = BlockFormat.lengths(buffer, version);
    int tag = buffer.get(version);
    int at = version + BlockFormat.headerBytes(lengths) + BlockFormat.stampBytes(tag, word);
    int keyBytes = BlockFormat.keyBytes(lengths);
    int shared = BlockFormat.prefixBytes(word);
    if ((word & BlockFormat.STRIPPED) == 0) {
      at += shared;
      keyBytes -= shared;
    }
    return Bytes.compare(buffer, at, keyBytes, key, offset + shared, bytes - shared);
  }

  /** The trailer of a version. */
  static long trailer(ByteBuffer buffer, int block, int word, int version) {
    int tag = buffer.get(version);
    int stamp = version + BlockFormat.headerBytes(BlockFormat.lengths(buffer, version));
    return BlockFormat.trailer(
        buffer, tag, stamp, BlockFormat.base(buffer, block), BlockFormat.stampMask(word));
  }

  /** Where the value of a version begins. */
  static int value(ByteBuffer buffer, int block, int version, long lengths) {
    return version
        + BlockFormat.headerBytes(lengths)
        + BlockFormat.stampBytes(buffer.get(version), BlockFormat.word(buffer, block))
        + BlockFormat.keyBytes(lengths);
  }
}
