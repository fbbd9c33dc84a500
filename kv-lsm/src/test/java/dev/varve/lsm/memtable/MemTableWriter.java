// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.memtable;

import dev.varve.core.memory.MemoryBudget;
import dev.varve.core.memory.MemoryPurpose;
import dev.varve.core.memory.OffHeap;
import dev.varve.core.memory.Region;
import dev.varve.core.store.Operations;
import dev.varve.lsm.key.OperationCursor;

/** Commits to a memtable without log and pipeline. One thread. */
final class MemTableWriter {
  final Region region;
  final MemTable memTable;
  private final OperationCursor cursor = new OperationCursor();
  private long seed;

  MemTableWriter(int arenaBytes, long seed) {
    this(OffHeap.allocate(new MemoryBudget(1L << 30), MemoryPurpose.MEMTABLE, arenaBytes), seed);
  }

  MemTableWriter(Region region, long seed) {
    this.region = region;
    this.seed = seed;
    this.memTable = new MemTable(region, 1, 0, 0, "this boot");
  }

  MemTableWriter(Region region, MemTable memTable, long seed) {
    this.region = region;
    this.memTable = memTable;
    this.seed = seed;
  }

  /** Commits; false if there is no room. */
  boolean commit(long timestamp, Operations operations) {
    long[] place = begin(timestamp, operations);
    if (place.length == 0) {
      return false;
    }
    memTable.complete(place[0], place[1], timestamp, timestamp * 8, operations.count());
    return true;
  }

  /** Inserts without declaring the commit whole; place and footprint, or nothing without room. */
  long[] begin(long timestamp, Operations operations) {
    long mine = seed++;
    long footprint = MemTable.footprint(operations, mine, cursor);
    if (!memTable.fits(footprint)) {
      return new long[0];
    }
    long place = memTable.reserve(footprint, timestamp);
    memTable.apply(
        place,
        footprint,
        mine,
        timestamp,
        operations.data(),
        0,
        operations.length(),
        operations.rangeDeletes(),
        cursor);
    return new long[] {place, footprint};
  }
}
