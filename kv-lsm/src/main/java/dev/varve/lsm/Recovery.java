// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.ErrorCode;
import dev.varve.Progress;
import dev.varve.core.store.Operations;
import dev.varve.lsm.key.OperationCursor;
import dev.varve.lsm.memtable.MemTable;
import dev.varve.lsm.version.SortedRun;
import dev.varve.lsm.version.Version;
import dev.varve.lsm.wal.WalReader;
import java.util.Arrays;

/**
 * Brings commits that are in the log only back into memtables. A memtable ends where it is full, and
 * before a commit that is newer than an ingested run which is newer than its content: so that of
 * every memtable and run it can be said which is the newer.
 */
final class Recovery implements WalReader.Visitor {
  private static final long REPORT_BYTES = 4 << 20;

  /** Where recovery puts memtables that are full. */
  interface Memory {
    /**
     * Seals {@code full} and returns a successor, after making room if there is none.
     *
     * @param bytes what the successor must hold at least
     */
    MemTable succeed(MemTable full, long bytes, long logStart);
  }

  private final Memory memory;
  private final long[] ingested;
  private final Progress progress;
  private final long totalBytes;
  private final OperationCursor cursor = new OperationCursor();

  private MemTable active;
  private long lastTimestamp;
  private long previousEnd;
  private long commits;
  private long bytes;
  private long reportedBytes;

  Recovery(
      MemTable active,
      long lastTimestamp,
      long logStart,
      Version version,
      Memory memory,
      Progress progress,
      long totalBytes) {
    this.active = active;
    this.lastTimestamp = lastTimestamp;
    this.previousEnd = logStart;
    this.memory = memory;
    this.progress = progress;
    this.totalBytes = totalBytes;
    this.ingested = version.level0().stream().mapToLong(SortedRun::maxTimestamp).sorted().toArray();
  }

  @Override
  public void commit(long timestamp, long end, byte[] data, int offset, int length) {
    long footprint = MemTable.footprint(data, offset, length, timestamp, cursor);
    if (!active.fits(footprint) || !active.isEmpty() && isIngestedSince(timestamp)) {
      active = memory.succeed(active, MemTable.arenaBytes(footprint), previousEnd);
    }
    if (!active.fits(footprint)) {
      throw ErrorCode.INTERNAL
          .error("A commit of the log does not fit into an empty memtable.")
          .fact("timestamp", timestamp)
          .fact("bytes", length)
          .build();
    }
    int count = 0;
    int rangeDeletes = 0;
    cursor.reset(data, offset, length);
    while (cursor.next()) {
      count++;
      rangeDeletes += cursor.kind() == Operations.DELETE_RANGE ? 1 : 0;
    }
    long place = active.reserve(footprint, timestamp);
    active.apply(
        place, footprint, timestamp, timestamp, data, offset, length, rangeDeletes, cursor);
    active.complete(place, footprint, timestamp, end, count);
    lastTimestamp = timestamp;
    previousEnd = end;
    commits++;
    report(length);
  }

  /** After the last commit: the memtable to go on with. */
  MemTable finish() {
    if (!active.isEmpty() && isIngestedSince(Long.MAX_VALUE)) {
      active = memory.succeed(active, 0, previousEnd);
    }
    return active;
  }

  /** The newest commit brought back. */
  long lastTimestamp() {
    return lastTimestamp;
  }

  /** How many commits were brought back from the log. */
  long commits() {
    return commits;
  }

  private boolean isIngestedSince(long timestamp) {
    int at = Arrays.binarySearch(ingested, lastTimestamp);
    int next = at < 0 ? -at - 1 : at + 1;
    return next < ingested.length && ingested[next] < timestamp;
  }

  private void report(int length) {
    bytes += length;
    if (bytes - reportedBytes >= REPORT_BYTES) {
      reportedBytes = bytes;
      progress.at(bytes, Math.max(bytes, totalBytes));
    }
  }
}
