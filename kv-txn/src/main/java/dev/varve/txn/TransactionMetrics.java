// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.VarveException;
import dev.varve.core.metrics.Counter;
import dev.varve.core.metrics.Metrics;
import dev.varve.txn.event.ConflictEvent;

/** The figures of the transaction layer. Locks have their own, in the lock table. */
final class TransactionMetrics {
  final Counter commits;
  final Counter rollbacks;
  final Counter leaks;
  private final Counter writeConflicts;
  private final Counter serializationFailures;
  private final Counter deadlocks;
  private final Counter otherAborts;

  TransactionMetrics(Metrics metrics) {
    commits = metrics.counter("transactions.commits");
    rollbacks = metrics.counter("transactions.rollbacks");
    leaks = metrics.counter("transactions.leaks");
    writeConflicts = metrics.counter("transactions.aborts.writeConflict");
    serializationFailures = metrics.counter("transactions.aborts.serializationFailure");
    deadlocks = metrics.counter("transactions.aborts.deadlock");
    otherAborts = metrics.counter("transactions.aborts.other");
  }

  /** Counts a transaction that a failure has ended. */
  void aborted(Tracked transaction, VarveException failure) {
    switch (failure.code()) {
      case WRITE_CONFLICT -> writeConflicts.increment();
      case SERIALIZATION_FAILURE -> serializationFailures.increment();
      case DEADLOCK -> deadlocks.increment();
      default -> otherAborts.increment();
    }
    ConflictEvent event = new ConflictEvent();
    if (event.shouldCommit()) {
      event.reason = failure.code().name();
      event.transaction = transaction.toString();
      event.message = failure.getMessage();
      event.commit();
    }
  }
}
