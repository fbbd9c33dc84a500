// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.lsm.compress.Lz4Decompressor;
import dev.varve.lsm.key.Trailer;
import java.nio.ByteBuffer;

/**
 * Gets every version and range tombstone out of a damaged table whose block has a right checksum,
 * from its first byte to its last, without trusting index, footer or header. One thread.
 */
public final class TableSalvage {
  private final ByteBuffer file;
  private final int fileBytes;
  private final long timestampBase;
  private final Visitor visitor;
  private long versions;
  private long rangeTombstones;
  private long intactBlocks;
  private long damagedBytes;

  /** Receives what is salvaged. */
  public interface Visitor {
    /**
     * One version, in the order of the file; the buffers are good for the call. Versions of several
     * blocks are in order only if the table was.
     */
    void version(
        ByteBuffer key,
        int keyOffset,
        int keyBytes,
        long trailer,
        ByteBuffer value,
        int valueOffset,
        int valueBytes);

    /** One range tombstone. */
    void rangeTombstone(byte[] from, byte[] to, long timestamp);
  }

  /**
   * What came out of it.
   *
   * @param versions handed to the visitor
   * @param rangeTombstones handed to the visitor
   * @param intactBlocks of any type
   * @param damagedBytes not covered by an intact block, header and footer excepted
   */
  public record Result(long versions, long rangeTombstones, long intactBlocks, long damagedBytes) {}

  private TableSalvage(ByteBuffer file, long timestampBase, Visitor visitor) {
    this.file = file;
    this.fileBytes = file.capacity();
    this.timestampBase = timestampBase;
    this.visitor = visitor;
  }

  /**
   * Salvages what stands in a file.
   *
   * @param file the whole of it
   * @param timestampBase as for {@link TableReader#open}
   */
  public static Result salvage(ByteBuffer file, long timestampBase, Visitor visitor) {
    TableSalvage salvage = new TableSalvage(file, timestampBase, visitor);
    salvage.run();
    return new Result(
        salvage.versions, salvage.rangeTombstones, salvage.intactBlocks, salvage.damagedBytes);
  }

  private void run() {
    int end = Math.max(0, fileBytes - TableFormat.FOOTER_BYTES);
    int from = Math.min(TableFormat.HEADER_BYTES, end);
    int at = from;
    while (at < end) {
      int payload = nextFrame(at, end);
      if (payload < 0) {
        break;
      }
      damagedBytes += damaged(from, payload - FrameFormat.HEADER_BYTES);
      at = payload + FrameFormat.storedBytes(file, payload);
      from = at;
      at = at + FrameFormat.ALIGNMENT - 1 & -FrameFormat.ALIGNMENT;
      intactBlocks++;
      salvageBlock(payload);
    }
    damagedBytes += damaged(from, end);
  }

  /** The payload of the next intact frame from {@code at} on, or -1. */
  private int nextFrame(int at, int end) {
    int candidate = at;
    while (candidate <= end - FrameFormat.HEADER_BYTES) {
      int payload = candidate + FrameFormat.HEADER_BYTES;
      int step = FrameFormat.ALIGNMENT;
      if (FrameFormat.isPlausible(file, payload, fileBytes)) {
        if (FrameFormat.isIntact(file, payload)) {
          return payload;
        }
        int after = payload + FrameFormat.storedBytes(file, payload);
        step = isFollowed(after, end) ? after - candidate : step;
      }
      candidate = candidate + step + FrameFormat.ALIGNMENT - 1 & -FrameFormat.ALIGNMENT;
    }
    return -1;
  }

  /**
   * Whether a frame begins soon after {@code at}: then the length of the damaged one before is right,
   * and whatever looks like a frame inside of it is somebody's value.
   */
  private boolean isFollowed(int at, int end) {
    int first = at + FrameFormat.ALIGNMENT - 1 & -FrameFormat.ALIGNMENT;
    for (int frame = first;
        frame <= Math.min(first + FrameFormat.PAGE_BYTES, end - FrameFormat.HEADER_BYTES);
        frame += FrameFormat.ALIGNMENT) {
      if (FrameFormat.isPlausible(file, frame + FrameFormat.HEADER_BYTES, fileBytes)) {
        return true;
      }
    }
    return false;
  }

  /** Bytes from {@code from} to {@code to}, unless they are the zeros of a gap. */
  private long damaged(int from, int to) {
    if (to - from >= FrameFormat.PAGE_BYTES) {
      return to - from;
    }
    for (int i = from; i < to; i++) {
      if (file.get(i) != 0) {
        return to - from;
      }
    }
    return 0;
  }

  private void salvageBlock(int payload) {
    int stored = FrameFormat.storedBytes(file, payload);
    int raw = FrameFormat.rawBytes(file, payload);
    switch (FrameFormat.type(file, payload)) {
      case FrameFormat.TYPE_DATA -> {
        if (FrameFormat.compression(file, payload) == FrameFormat.STORED) {
          salvageVersions(file, payload, raw, payload);
        } else {
          ByteBuffer into = ByteBuffer.allocate(raw);
          if (Lz4Decompressor.decompress(file, payload, stored, into, 0, raw)) {
            salvageVersions(into, 0, raw, payload);
          } else {
            damagedBytes += stored;
          }
        }
      }
      case FrameFormat.TYPE_RANGE_TOMBSTONES ->
          TableRangeTombstones.at(file, payload, timestampBase)
              .forEach(
                  (from, to, timestamp) -> {
                    rangeTombstones++;
                    visitor.rangeTombstone(from, to, timestamp);
                  });
      default -> {
        // Index and properties: a new table gets new ones.
      }
    }
  }

  private void salvageVersions(ByteBuffer buffer, int block, int raw, int payload) {
    BlockScanner scanner = BlockScanner.of(buffer, block, raw);
    while (scanner == null || scanner.hasNext()) {
      if (scanner == null || isWrong(scanner)) {
        damagedBytes += FrameFormat.storedBytes(file, payload);
        return;
      }
      versions++;
      visitor.version(
          scanner.key(),
          0,
          scanner.keyBytes(),
          scanner.trailer() + Trailer.of(timestampBase, 0),
          buffer,
          scanner.valueOffset(),
          scanner.valueBytes());
    }
  }

  private static boolean isWrong(BlockScanner scanner) {
    try {
      return scanner.next() != null;
    } catch (IndexOutOfBoundsException pointsOutside) {
      return true;
    }
  }
}
