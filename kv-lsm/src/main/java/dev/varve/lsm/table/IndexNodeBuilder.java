// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.core.codec.Bytes;
import dev.varve.lsm.key.Trailer;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Collects the children of one node of the index and lays it out. Reused from node to node. */
final class IndexNodeBuilder {
  private final int pointerBytes;
  private final byte[][] separators = new byte[IndexFormat.FANOUT][];
  private final long[] trailers = new long[IndexFormat.FANOUT];
  private final long[] pointers = new long[IndexFormat.FANOUT];
  private int count;

  /** Builds leaves, or inner nodes, as the size of their pointers says. */
  IndexNodeBuilder(int pointerBytes) {
    this.pointerBytes = pointerBytes;
  }

  /**
   * Adds a child; {@code trailer} is {@link Trailer#FIRST} where the separator is a user key alone.
   */
  void add(byte[] separator, long trailer, long pointer) {
    separators[count] = separator;
    trailers[count] = trailer;
    pointers[count++] = pointer;
  }

  boolean isEmpty() {
    return count == 0;
  }

  boolean isFull() {
    return count == IndexFormat.FANOUT;
  }

  /** What separates this node from the one before. */
  byte[] firstSeparator() {
    return separators[0];
  }

  long firstTrailer() {
    return trailers[0];
  }

  /** Length of the node. */
  int bytes() {
    int prefix = prefixBytes();
    long rests = 0;
    for (int i = 1; i < count; i++) {
      rests += separators[i].length - prefix + (trailers[i] == Trailer.FIRST ? 0 : Long.BYTES);
    }
    return Math.toIntExact(
        IndexFormat.pointersFrom(prefix, count)
            + (long) count * pointerBytes
            + (count + 1L) * 4
            + rests
            + IndexFormat.PADDING_BYTES);
  }

  private int prefixBytes() {
    if (count < 2) {
      return 0;
    }
    byte[] first = separators[1];
    byte[] last = separators[count - 1];
    int mismatch = Arrays.mismatch(first, last);
    return mismatch < 0 ? first.length : mismatch;
  }

  /** Writes the node at {@code at}, where {@link #bytes} zeros stand, and starts anew. */
  void build(ByteBuffer into, int at) {
    int prefix = prefixBytes();
    Bytes.setIntLE(into, at, count);
    Bytes.setIntLE(into, at + 4, prefix);
    if (prefix > 0) {
      into.put(at + IndexFormat.PREFIX, separators[1], 0, prefix);
    }
    int heads = at + IndexFormat.headsFrom(prefix);
    int pointersAt = at + IndexFormat.pointersFrom(prefix, count);
    int places = pointersAt + count * pointerBytes;
    int rest = places + (count + 1) * 4;
    for (int i = 0; i < count; i++) {
      byte[] separator = separators[i];
      int restBytes = i == 0 ? 0 : separator.length - prefix;
      boolean hasTrailer = i > 0 && trailers[i] != Trailer.FIRST;
      long head = i == 0 ? Long.MIN_VALUE : IndexFormat.head(separator, prefix, restBytes);
      Bytes.setLongLE(into, heads + i * IndexFormat.HEAD_BYTES, head);
      writePointer(into, pointersAt + i * pointerBytes, pointers[i]);
      Bytes.setIntLE(into, places + i * 4, rest - at | (hasTrailer ? IndexFormat.HAS_TRAILER : 0));
      if (restBytes > 0) {
        into.put(rest, separator, prefix, restBytes);
        rest += restBytes;
      }
      if (hasTrailer) {
        Bytes.setLongBE(into, rest, trailers[i]);
        rest += Long.BYTES;
      }
    }
    Bytes.setIntLE(into, places + count * 4, rest - at);
    Arrays.fill(separators, 0, count, null);
    count = 0;
  }

  private void writePointer(ByteBuffer into, int at, long pointer) {
    if (pointerBytes == IndexFormat.LEAF_POINTER_BYTES) {
      Bytes.setIntLE(into, at, (int) pointer);
    } else {
      Bytes.setLongLE(into, at, pointer);
    }
  }
}
