// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.snapshot;

import dev.varve.lsm.memtable.MemTable;
import dev.varve.lsm.version.SortedRun;
import dev.varve.lsm.version.Version;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * All that a reader looks at, newest first: memtables, runs of level 0, levels. Immutable but for the
 * count of its lessees.
 *
 * <p>A run of level 0 that was ingested may be newer than a memtable that is still to be flushed:
 * {@link #runsBefore} says how many of the version's runs have to be asked before each memtable.
 */
public final class ReadView {
  private static final int STRIPES = 16;
  private static final int PADDED = 32;

  private final MemTable[] memTables;
  private final int[] runsBefore;
  private final Version version;
  private final AtomicIntegerArray lessees = new AtomicIntegerArray((STRIPES + 1) * PADDED);

  /** Whether another view has taken its place. */
  volatile boolean retired;

  /** A view of memtables, newest first, and a version. */
  ReadView(MemTable[] memTables, Version version) {
    this.memTables = memTables;
    this.version = version;
    this.runsBefore = new int[memTables.length];
    SortedRun[] runs = version.runs();
    for (int i = 1; i < memTables.length; i++) {
      int newer = 0;
      while (newer < version.level0Runs()
          && runs[newer].maxTimestamp() > memTables[i].lastTimestamp()) {
        newer++;
      }
      runsBefore[i] = newer;
    }
  }

  /** Newest first; the first one is being written. Not to be changed. */
  public MemTable[] memTables() {
    return memTables;
  }

  /** How many runs of level 0 are newer than the memtable at {@code index}. */
  public int runsBefore(int index) {
    return runsBefore[index];
  }

  /** The tables. */
  public Version version() {
    return version;
  }

  /** Keeps the view beyond the epoch in which it was loaded; ended by {@link Views#endLease}. */
  public int lease() {
    int stripe = (Epochs.stripe() + 1) * PADDED;
    lessees.getAndIncrement(stripe);
    return stripe;
  }

  void unlease(int lease) {
    lessees.getAndDecrement(lease);
  }

  /** Whether anyone leases it; once false after a grace period, it stays so. */
  boolean isLeased() {
    for (int i = 1; i <= STRIPES; i++) {
      if (lessees.get(i * PADDED) != 0) {
        return true;
      }
    }
    return false;
  }
}
