// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.Durability;
import dev.varve.ErrorCode;
import dev.varve.IsolationLevel;
import dev.varve.VarveException;
import dev.varve.txn.write.PendingWrites;
import dev.varve.txn.write.WriteSet;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction holds of the store: its pinned snapshots, locks, pending writes; and who is using it.
 *
 * <ul>
 *   <li>I1. Everything but {@link #end} is touched only between {@link #enter} and {@link #exit}, which one
 *       thread at a time gets through. So two threads that use a transaction at once get an error and
 *       never a broken structure, and nothing is released under a call.
 *   <li>I2. {@code end} is set once, in the same call that releases everything; from then on the workspace
 *       belongs to somebody else.
 * </ul>
 */
final class TransactionState extends Tracked {
  private static final VarHandle USER;
  private static final long NONE = -1;

  static {
    try {
      USER = MethodHandles.lookup().findVarHandle(TransactionState.class, "user", Thread.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  final TransactionManager manager;
  final IsolationLevel isolation;
  final boolean readOnly;
  final Durability durability;
  final Workspace workspace;

  /** The snapshot of the transaction, pinned; {@code NONE} below REPEATABLE_READ. */
  final long snapshot;

  /** The snapshot of the statement, pinned; {@code NONE} outside of one or where there is no need. */
  private long statementSnapshot = NONE;

  private final List<OpenScan> scans = new ArrayList<>(0);
  private @Nullable PendingWrites writes;
  private volatile @Nullable VarveException end;
  private volatile @Nullable Thread user;

  TransactionState(
      TransactionManager manager,
      long number,
      IsolationLevel isolation,
      boolean readOnly,
      Durability durability,
      long lockTimeoutNanos) {
    super(number);
    this.manager = manager;
    this.isolation = isolation;
    this.readOnly = readOnly;
    this.durability = durability;
    this.workspace = manager.workspaces().take();
    workspace.owner.begin(this, lockTimeoutNanos);
    this.snapshot = fixesSnapshot() ? manager.store().pin() : NONE;
  }

  boolean fixesSnapshot() {
    return isolation.compareTo(IsolationLevel.REPEATABLE_READ) >= 0;
  }

  boolean remembersReads() {
    return isolation == IsolationLevel.SERIALIZABLE && !readOnly;
  }

  // One thread at a time.

  /** Begins a call; {@link #exit} must follow unless it throws. */
  void enter() {
    if (!USER.compareAndSet(this, (Thread) null, Thread.currentThread())) {
      throw misuse();
    }
    if (end != null || manager.isClosed()) {
      exit();
      checkActive();
    }
  }

  void exit() {
    leaveCall();
    if (manager.isClosed() && end == null) {
      closeStore();
    }
  }

  private void leaveCall() {
    USER.setVolatile(this, (Thread) null);
  }

  private VarveException misuse() {
    Thread other = user;
    return ErrorCode.TRANSACTION_STATE
        .error("Another call on this transaction is under way; it is for one thread at a time.")
        .fact("transaction", this)
        .fact("otherThread", other == null ? "gone" : other.getName())
        .build();
  }

  void checkActive() {
    manager.checkOpen();
    VarveException over = end;
    if (over != null) {
      throw over.code()
          .error(over.sentence())
          .fact("transaction", this)
          .cause(over.getCause())
          .build();
    }
  }

  boolean isActive() {
    return end == null && !manager.isClosed();
  }

  // Snapshots.

  /** What reads see now; {@code VersionedStore.NEWEST} when every call sees a state of its own. */
  long readTimestamp() {
    if (fixesSnapshot()) {
      return snapshot;
    }
    return statementSnapshot == NONE ? Long.MAX_VALUE : statementSnapshot;
  }

  void beginStatement() {
    endStatement();
    if (isolation == IsolationLevel.READ_COMMITTED) {
      statementSnapshot = manager.store().pin();
    }
  }

  void endStatement() {
    if (statementSnapshot != NONE) {
      manager.store().unpin(statementSnapshot);
      statementSnapshot = NONE;
    }
  }

  // Scans; closed at the end if their user forgets it.

  void opened(OpenScan scan) {
    scans.add(scan);
  }

  void close(OpenScan scan) {
    scan.close();
    scans.remove(scan);
  }

  /** Closes all, so that what they have walked is known. */
  void closeScans() {
    for (int i = scans.size() - 1; i >= 0; i--) {
      scans.remove(i).close();
    }
  }

  // Writes.

  /** The pending writes, or null as long as there are none. */
  @Nullable PendingWrites writes() {
    return writes;
  }

  PendingWrites writesForChange() {
    PendingWrites pending = writes;
    if (pending == null) {
      pending =
          new PendingWrites(manager.store(), manager.writeSetMemory(), workspace.writeSet, number);
      writes = pending;
    }
    return pending;
  }

  /**
   * For other transactions: the pending value of a key, or an empty result when it has not been
   * written, or not been kept in memory.
   */
  @Nullable PendingValue pending(byte[] key, int length) {
    WriteSet set = workspace.writeSet;
    synchronized (set) {
      return switch (set.kind(key, 0, length)) {
        case WriteSet.PUT -> new PendingValue(set.copyOfValue(key, 0, length));
        case WriteSet.DELETE, WriteSet.MASKED -> PendingValue.DELETED;
        default -> null;
      };
    }
  }

  /** A pending value, or that there will be none. */
  record PendingValue(byte @Nullable [] value) {
    static final PendingValue DELETED = new PendingValue(null);
  }

  // The end; between enter and exit.

  /** Releases everything; later calls fail with {@code code}. */
  void finish(ErrorCode code, String sentence, @Nullable Throwable cause) {
    if (end != null) {
      return;
    }
    VarveException over = code.error(sentence).cause(cause).build();
    endStatement();
    PendingWrites pending = writes;
    writes = null;
    end = over;
    try {
      closeScans();
      if (pending != null) {
        pending.clear();
      }
    } catch (RuntimeException failure) {
      manager.leftBehind(this, failure);
    } finally {
      manager.locks().releaseAll(workspace.owner);
      leave();
      manager.workspaces().give(workspace);
    }
  }

  /** As {@link #finish}, but the locks stay; they and the workspace are the caller's from now on. */
  void finishPrepared(String globalId) {
    endStatement();
    try {
      writes.clear();
    } catch (RuntimeException failure) {
      manager.leftBehind(this, failure);
    }
    writes = null;
    end =
        ErrorCode.NO_ACTIVE_TRANSACTION
            .error("The transaction is prepared; it is committed or rolled back by its name.")
            .fact("globalId", globalId)
            .build();
    leave();
  }

  private void leave() {
    if (snapshot != NONE) {
      manager.store().unpin(snapshot);
    }
    manager.active().remove(this);
  }

  @Override
  boolean abandon() {
    if (end != null || !USER.compareAndSet(this, (Thread) null, Thread.currentThread())) {
      return false;
    }
    try {
      if (end != null) {
        return false;
      }
      finish(ErrorCode.NO_ACTIVE_TRANSACTION, "The transaction was lost and rolled back.", null);
      return true;
    } finally {
      leaveCall();
    }
  }

  @Override
  void closeStore() {
    if (USER.compareAndSet(this, (Thread) null, Thread.currentThread())) {
      try {
        if (end == null) {
          finish(ErrorCode.CLOSED, "The store is closed.", null);
        }
      } finally {
        leaveCall();
      }
    } else {
      workspace.owner.wakeUp();
    }
  }

  @Override
  String kind() {
    return "transaction";
  }
}
