// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.commit;

import dev.varve.lsm.key.OperationCursor;
import dev.varve.lsm.memtable.MemTable;
import dev.varve.lsm.wal.WalRecordWriter;
import dev.varve.lsm.wal.WalSegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A commit on its way. Slots stand in a ring, in the order of timestamps, and are used again, so that
 * nothing is allocated per commit. What is not volatile is written by the owner before it sets {@link
 * #applied}, and read after.
 */
final class CommitSlot {
  static final VarHandle APPLIED;
  static final VarHandle TAKEN;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      APPLIED = lookup.findVarHandle(CommitSlot.class, "applied", long.class);
      TAKEN = lookup.findVarHandle(CommitSlot.class, "taken", boolean.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  final WalRecordWriter writer = new WalRecordWriter();
  final OperationCursor cursor = new OperationCursor();

  /** Whether an owner is between taking and leaving it. Set under the commit lock. */
  volatile boolean taken;

  /** The sequence number of its commit once that is in log and memtable but not visible; else 0. */
  volatile long applied;

  /** Its owner, while that is parked until its turn or its publication. */
  volatile @Nullable Thread parked;

  long sequence;
  long timestamp;
  int count;
  int payloadBytes;
  int logAt;
  long logEnd;
  long place;
  long footprint;
  @Nullable WalSegment segment;
  @Nullable MemTable memTable;
}
