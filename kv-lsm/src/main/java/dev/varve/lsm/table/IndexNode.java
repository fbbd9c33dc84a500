// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.core.codec.Bytes;
import java.nio.ByteBuffer;

/** Searches a node of the index where it stands. */
final class IndexNode {
  /** Heads counted one by one; more are halved first. */
  private static final int COUNTED = 8;

  private IndexNode() {}

  /** The child below which (key, trailer) belongs. */
  static int find(
      ByteBuffer buffer,
      int node,
      int pointerBytes,
      byte[] key,
      int offset,
      int bytes,
      long trailer) {
    int n = IndexFormat.children(buffer, node);
    int prefix = IndexFormat.prefixBytes(buffer, node);
    if (prefix > 0) {
      int order = comparePrefix(buffer, node, prefix, key, offset, bytes);
      if (order != 0) {
        return order > 0 ? 0 : n - 1;
      }
    }
    long head = IndexFormat.head(key, offset + prefix, bytes - prefix);
    int heads = node + IndexFormat.headsFrom(prefix);
    int last = countUpTo(buffer, heads, n, head) - 1;
    if (last > 0 && Bytes.longLE(buffer, heads + last * IndexFormat.HEAD_BYTES) == head) {
      return findAmong(buffer, node, pointerBytes, last, head, key, offset, bytes, trailer);
    }
    return Math.max(last, 0);
  }

  /** The same, when separators up to {@code last} have the key's head and must be compared whole. */
  private static int findAmong(
      ByteBuffer buffer,
      int node,
      int pointerBytes,
      int last,
      long head,
      byte[] key,
      int offset,
      int bytes,
      long trailer) {
    int n = IndexFormat.children(buffer, node);
    int prefix = IndexFormat.prefixBytes(buffer, node);
    int heads = node + IndexFormat.headsFrom(prefix);
    int places = node + IndexFormat.pointersFrom(prefix, n) + n * pointerBytes;
    int low =
        head == Long.MIN_VALUE ? 0 : Math.max(countUpTo(buffer, heads, last, head - 1) - 1, 0);
    int high = last;
    int probe = last;
    while (low < high) {
      if (compare(buffer, node, places, probe, key, offset + prefix, bytes - prefix, trailer)
          <= 0) {
        low = probe;
      } else {
        high = probe - 1;
      }
      probe = low + high + 1 >>> 1;
    }
    return low;
  }

  /** How many of {@code n} ascending heads are not greater than {@code head}. */
  private static int countUpTo(ByteBuffer buffer, int heads, int n, long head) {
    int from = heads;
    int length = n;
    while (length > COUNTED) {
      int half = length >>> 1;
      int middle = from + half * IndexFormat.HEAD_BYTES;
      from = Bytes.longLE(buffer, middle - IndexFormat.HEAD_BYTES) <= head ? middle : from;
      length -= half;
    }
    int upTo = 0;
    for (int i = 0; i < length; i++) {
      upTo += Bytes.longLE(buffer, from + i * IndexFormat.HEAD_BYTES) <= head ? 1 : 0;
    }
    return (from - heads) / IndexFormat.HEAD_BYTES + upTo;
  }

  private static int comparePrefix(
      ByteBuffer buffer, int node, int prefix, byte[] key, int offset, int bytes) {
    int at = node + IndexFormat.PREFIX;
    if (bytes >= prefix) {
      return Bytes.compare(buffer, at, prefix, key, offset, prefix);
    }
    int order = Bytes.compare(buffer, at, bytes, key, offset, bytes);
    return order != 0 ? order : 1;
  }

  /** Orders separator {@code index} against (key, trailer), both after what all share. */
  private static int compare(
      ByteBuffer buffer,
      int node,
      int places,
      int index,
      byte[] key,
      int offset,
      int bytes,
      long trailer) {
    int place = Bytes.intLE(buffer, places + index * 4);
    int from = node + (place & ~IndexFormat.HAS_TRAILER);
    int to = node + (Bytes.intLE(buffer, places + index * 4 + 4) & ~IndexFormat.HAS_TRAILER);
    boolean hasTrailer = (place & IndexFormat.HAS_TRAILER) != 0;
    int restBytes = to - from - (hasTrailer ? Long.BYTES : 0);
    int order = Bytes.compare(buffer, from, restBytes, key, offset, bytes);
    if (order != 0) {
      return order;
    }
    return hasTrailer ? Long.compare(trailer, Bytes.longBE(buffer, to - Long.BYTES)) : -1;
  }
}
