// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.core.store.Operations;
import dev.varve.txn.lock.LockOwner;
import dev.varve.txn.read.ReadSet;
import dev.varve.txn.write.WriteSet;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The memory that a transaction works in; used again by later ones. One transaction at a time. */
final class Workspace {
  private static final int KEPT_OPERATION_BYTES = 1 << 16;

  final PhysicalKey key = new PhysicalKey();
  final LockOwner owner = new LockOwner();
  final WriteSet writeSet = new WriteSet();
  final ReadSet reads = new ReadSet();
  final Operations operations = new Operations(1 << 10);

  /** Workspaces that wait to be used again: about one for each thread. Thread-safe. */
  static final class Pool {
    private static final int SLOTS = 64;

    private final AtomicReferenceArray<@Nullable Workspace> free =
        new AtomicReferenceArray<>(SLOTS);

    Workspace take() {
      Workspace kept = free.getAndSet(slot(), null);
      return kept == null ? new Workspace() : kept;
    }

    /** Gives one back, from which everything has been removed. */
    void give(Workspace workspace) {
      assert workspace.owner.holdsNothing() && workspace.writeSet.isEmpty();
      workspace.operations.clear(KEPT_OPERATION_BYTES);
      workspace.reads.clear();
      free.lazySet(slot(), workspace);
    }

    private static int slot() {
      return (int) Thread.currentThread().getId() & SLOTS - 1;
    }
  }
}
