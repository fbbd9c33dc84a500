// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.core.codec.Bytes;
import dev.varve.lsm.key.RangeTombstones;
import java.nio.ByteBuffer;

/** The range tombstones of a table, read where they stand; see {@link RangeTombstoneFormat}. */
final class TableRangeTombstones implements RangeTombstones {
  private final ByteBuffer buffer;
  private final int block;
  private final long timestampBase;
  private final int count;
  private final int bounds;
  private final int leaves;
  private final int places;
  private final int tombstones;
  private final int nodes;
  private final int timestamps;

  private TableRangeTombstones(ByteBuffer buffer, int block, long timestampBase) {
    this.buffer = buffer;
    this.block = block;
    this.timestampBase = timestampBase;
    this.count = Bytes.intLE(buffer, block + RangeTombstoneFormat.COUNT);
    this.bounds = Bytes.intLE(buffer, block + RangeTombstoneFormat.BOUNDS);
    this.leaves = Bytes.intLE(buffer, block + RangeTombstoneFormat.LEAVES);
    this.places = block + RangeTombstoneFormat.PLACES;
    this.tombstones = places + (bounds + 1) * 4;
    this.nodes = tombstones + count * RangeTombstoneFormat.TOMBSTONE_BYTES;
    this.timestamps = nodes + (2 * leaves + 1) * 4;
  }

  /** Those of the block at {@code block}, whose checksum is right. */
  static TableRangeTombstones at(ByteBuffer buffer, int block, long timestampBase) {
    return new TableRangeTombstones(buffer, block, timestampBase);
  }

  @Override
  public boolean isEmpty() {
    return false;
  }

  @Override
  public long newestCovering(byte[] key, int offset, int bytes, long readTimestamp) {
    int low = 0;
    int high = bounds;
    while (low < high) {
      int middle = low + high >>> 1;
      int at = boundAt(middle);
      if (Bytes.compare(buffer, at, boundAt(middle + 1) - at, key, offset, bytes) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return newestOf(low - 1, readTimestamp);
  }

  @Override
  public long newestCovering(ByteBuffer key, int offset, int bytes, long readTimestamp) {
    int low = 0;
    int high = bounds;
    while (low < high) {
      int middle = low + high >>> 1;
      int at = boundAt(middle);
      if (Bytes.compare(buffer, at, boundAt(middle + 1) - at, key, offset, bytes) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return newestOf(low - 1, readTimestamp);
  }

  private long newestOf(int slice, long readTimestamp) {
    if (slice < 0 || slice >= bounds - 1 || readTimestamp < timestampBase) {
      return 0;
    }
    long newest = -1;
    for (int node = leaves + slice; node > 0; node >>= 1) {
      newest = Math.max(newest, newestAt(node, readTimestamp - timestampBase));
    }
    return newest < 0 ? 0 : newest + timestampBase;
  }

  /** The first, that is the newest, timestamp of a node that is not later; -1 if there is none. */
  private long newestAt(int node, long readTimestamp) {
    int low = Bytes.intLE(buffer, nodes + node * 4);
    int end = Bytes.intLE(buffer, nodes + node * 4 + 4);
    int high = end;
    while (low < high) {
      int middle = low + high >>> 1;
      if (Bytes.longLE(buffer, timestamps + middle * Long.BYTES) > readTimestamp) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == end ? -1 : Bytes.longLE(buffer, timestamps + low * Long.BYTES);
  }

  @Override
  public void forEach(Visitor visitor) {
    for (int i = 0; i < count; i++) {
      int tombstone = tombstones + i * RangeTombstoneFormat.TOMBSTONE_BYTES;
      visitor.tombstone(
          bound(Bytes.intLE(buffer, tombstone)),
          bound(Bytes.intLE(buffer, tombstone + 4)),
          Bytes.longLE(buffer, tombstone + 8) + timestampBase);
    }
  }

  private byte[] bound(int index) {
    int at = boundAt(index);
    byte[] bound = new byte[boundAt(index + 1) - at];
    buffer.get(at, bound);
    return bound;
  }

  private int boundAt(int index) {
    return block + Bytes.intLE(buffer, places + index * 4);
  }
}
