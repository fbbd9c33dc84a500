// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.ErrorCode;
import dev.varve.KeyRange;
import dev.varve.WriteConflictException;
import dev.varve.core.store.CommitGuard;
import dev.varve.core.store.Operations;
import dev.varve.core.store.VersionedStore;
import dev.varve.txn.lock.LockOwner;
import dev.varve.txn.read.ReadSet;
import dev.varve.txn.write.PendingOperations;
import dev.varve.txn.write.PendingWrites;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Hands the writes of a transaction to the store, and checks before what it has read. */
final class Committer {
  private Committer() {}

  /** Commits; returns the timestamp. The transaction is not finished by it. */
  static long commit(TransactionState state) {
    VersionedStore store = state.manager.store();
    PendingWrites writes = state.writes();
    if (writes == null || writes.isEmpty()) {
      long timestamp = state.readTimestamp();
      return timestamp == VersionedStore.NEWEST ? store.visibleTimestamp() : timestamp;
    }
    ReadSet reads = state.workspace.reads;
    CommitGuard guard = reads.isEmpty() ? null : at -> validate(state, reads, at);
    RecentCommits recent = state.manager.recentCommits();
    boolean known = false;
    try {
      long timestamp = writes.isSpilled() ? commitLarge(state, guard) : commitSmall(state, guard);
      tell(recent, state, timestamp);
      known = true;
      return timestamp;
    } catch (WriteConflictException refused) {
      known = true;
      throw refused;
    } finally {
      if (!known) {
        recent.unknown();
      }
    }
  }

  private static long commitSmall(TransactionState state, @Nullable CommitGuard guard) {
    Operations operations = state.workspace.operations;
    PendingOperations.copy(state.writes(), operations);
    return state.manager.store().commit(operations, state.durability, guard);
  }

  private static long commitLarge(TransactionState state, @Nullable CommitGuard guard) {
    try (PendingOperations operations = new PendingOperations(state.writes())) {
      return state.manager.store().commitSorted(operations, guard);
    }
  }

  /** While the locks are still held. */
  private static void tell(RecentCommits recent, TransactionState state, long timestamp) {
    LockOwner owner = state.workspace.owner;
    if (owner.holdsRanges()) {
      recent.anyCommitted(timestamp);
    }
    state.manager.locks().forEachHash(owner, hash -> recent.committed(hash, timestamp));
  }

  /**
   * Throws if anything that the transaction has read has a version after its snapshot and before its
   * commit. As everything with an earlier timestamp can be read when this is asked, the answer is final: what was
   * read is, at the place of the commit in the order, still what it was. So each transaction might as well
   * have run alone at the moment of its commit, which is serializability; and those that only read, at
   * the moment of their snapshot.
   */
  static void validate(TransactionState state, ReadSet reads, long before) {
    VersionedStore store = state.manager.store();
    long after = state.snapshot;
    if (store.visibleTimestamp() == after) {
      return;
    }
    reads.forEach(
        new ReadSet.Visitor() {
          @Override
          public boolean point(byte[] array, int offset, int length) {
            if (store.changed(array, offset, length, after, before)) {
              byte[] row = Arrays.copyOfRange(array, offset, offset + length);
              throw failure(state, "row", RowName.of(row));
            }
            return true;
          }

          @Override
          public boolean range(byte[] from, byte[] to) {
            KeyRange range = KeyRange.between(from, to);
            if (store.changed(range, after, before)) {
              throw failure(state, "range", range.toString());
            }
            return true;
          }
        });
  }

  private static RuntimeException failure(TransactionState state, String what, String name) {
    return ErrorCode.SERIALIZATION_FAILURE
        .error("Another transaction has committed a change to something that this one read.")
        .fact(what, name)
        .fact("transaction", state)
        .hint("Run the transaction again.")
        .build();
  }
}
