// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.session;

import dev.varve.ErrorCode;
import dev.varve.Result;
import dev.varve.Savepoint;
import dev.varve.VarveException;
import dev.varve.core.store.LockMode;
import dev.varve.core.store.StoreReader;
import dev.varve.core.store.StoreTransaction;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.TransactionStatement;
import dev.varve.query.dml.StatementRestart;
import dev.varve.query.function.ParameterTypes;
import dev.varve.query.transaction.SqlTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Brings statements and transactions together: what runs on a snapshot, what in a transaction of its
 * own, what inside the session's; what is taken back when it fails, and what runs again.
 */
final class StatementExecution {
  private static final int MOST_ATTEMPTS = 1_000;
  private static final long LONGEST_PAUSE_NANOS = 4_000_000;
  private static final String STATEMENT = "$statement";

  private final SqlEngine engine;
  private final TransactionBlock block;
  private final StatementCache statements;
  private final StatementGuard guard;
  private final List<ResultRows> open = new ArrayList<>();

  StatementExecution(
      SqlEngine engine, TransactionBlock block, StatementCache statements, StatementGuard guard) {
    this.engine = engine;
    this.block = block;
    this.statements = statements;
    this.guard = guard;
  }

  // Rows that are still being read inside of the block.

  /** Reads into memory what open results have not read yet. */
  void detachRows() {
    List<ResultRows> reading = List.copyOf(open);
    open.clear();
    reading.forEach(ResultRows::detach);
  }

  void invalidateRows(String reason) {
    List<ResultRows> reading = List.copyOf(open);
    open.clear();
    reading.forEach(rows -> rows.invalidate(reason));
  }

  // Planning alone.

  /** Plans a statement on the catalog of the block, or on the newest. */
  void plan(PlannedStatement planned) {
    if (planned.isBusy()) {
      return;
    }
    if (block.isOpen()) {
      block.refuseFailed();
      statements.enter(planned, block.transaction());
      planned.prepare(engine.functionsVersion());
      return;
    }
    try (SqlTransaction snapshot = snapshot()) {
      statements.enter(planned, snapshot);
      planned.prepare(engine.functionsVersion());
    } finally {
      planned.context().leave();
    }
  }

  private SqlTransaction snapshot() {
    return new SqlTransaction(engine.catalogs(), engine.store().snapshot(), TransactionBlock.now());
  }

  // Running.

  /** Runs a statement where the session stands. */
  Result execute(PlannedStatement planned, @Nullable Object[] parameters) {
    block.refuseFailed();
    guard.begin(planned.context().evaluation());
    boolean reading = false;
    try {
      Result result =
          block.isOpen()
              ? inBlock(planned, parameters)
              : planned.needsTransaction()
                  ? alone(planned, parameters)
                  : onSnapshot(planned, parameters);
      if (result.rows() instanceof ResultRows rows) {
        reading = true;
        rows.onClose(() -> guard.end(planned.context().evaluation()));
      }
      return result;
    } finally {
      if (reading) {
        guard.pause();
      } else {
        guard.end(planned.context().evaluation());
      }
    }
  }

  private Result run(
      PlannedStatement planned, SqlTransaction transaction, @Nullable Object[] parameters) {
    statements.enter(planned, transaction);
    return StatementRunner.run(planned, parameters, engine.functionsVersion());
  }

  private Result onSnapshot(PlannedStatement planned, @Nullable Object[] parameters) {
    SqlTransaction snapshot = snapshot();
    boolean handedOver = false;
    try {
      Result result = run(planned, snapshot, parameters);
      if (result.rows() instanceof ResultRows rows) {
        rows.onClose(snapshot::close);
        handedOver = true;
      }
      return result;
    } finally {
      if (!handedOver) {
        snapshot.close();
      }
    }
  }

  /** In a transaction of its own, which is tried again when another has come in between. */
  private Result alone(PlannedStatement planned, @Nullable Object[] parameters) {
    for (int attempt = 1; ; attempt++) {
      try (SqlTransaction transaction = block.single()) {
        return alone(planned, transaction, parameters);
      } catch (StatementRestart e) {
        pause(attempt, null);
      } catch (VarveException e) {
        if (!isConflict(e)) {
          throw e;
        }
        pause(attempt, e);
      }
    }
  }

  private Result alone(
      PlannedStatement planned, SqlTransaction transaction, @Nullable Object[] parameters) {
    transaction.store().beginStatement();
    Result result = run(planned, transaction, parameters);
    if (result.rows() instanceof ResultRows rows) {
      rows.detach();
    }
    transaction.store().endStatement();
    transaction.commit();
    return result;
  }

  private static boolean isConflict(VarveException e) {
    return e.code() == ErrorCode.WRITE_CONFLICT
        || e.code() == ErrorCode.SERIALIZATION_FAILURE
        || e.code() == ErrorCode.DEADLOCK;
  }

  private static void pause(int attempt, @Nullable VarveException failure) {
    if (attempt >= MOST_ATTEMPTS) {
      throw failure != null
          ? failure
          : ErrorCode.WRITE_CONFLICT
              .error("The statement met changes by others again and again.")
              .fact("attempts", attempt)
              .build();
    }
    if (attempt > 2) {
      long longest = Math.min(LONGEST_PAUSE_NANOS, 10_000L << Math.min(attempt, 20));
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest));
    }
  }

  private Result inBlock(PlannedStatement planned, @Nullable Object[] parameters) {
    detachRows();
    SqlTransaction transaction = block.transaction();
    try {
      for (int attempt = 1; ; attempt++) {
        try {
          return inBlock(planned, transaction, parameters);
        } catch (StatementRestart e) {
          pause(attempt, null);
        }
      }
    } catch (RuntimeException | Error e) {
      block.fail();
      throw e;
    }
  }

  private Result inBlock(
      PlannedStatement planned, SqlTransaction transaction, @Nullable Object[] parameters) {
    StoreReader reader = transaction.reader();
    if (!(reader instanceof StoreTransaction store)) {
      return run(planned, transaction, parameters);
    }
    store.beginStatement();
    Savepoint before =
        planned.needsTransaction() && !store.isReadOnly() ? transaction.savepoint(STATEMENT) : null;
    boolean reading = false;
    try {
      Result result = run(planned, transaction, parameters);
      if (result.rows() instanceof ResultRows rows) {
        reading = true;
        open.add(rows);
        rows.onClose(
            () -> {
              if (open.remove(rows) && store.isActive()) {
                store.endStatement();
              }
            });
      }
      if (before != null) {
        transaction.release(before);
      }
      return result;
    } catch (RuntimeException | Error e) {
      if (before != null && store.isActive()) {
        transaction.rollbackTo(before);
        transaction.release(before);
      }
      throw e;
    } finally {
      if (!reading && store.isActive()) {
        store.endStatement();
      }
    }
  }

  /** LOCK TABLE; returns the command tag. */
  String lockTable(PlannedStatement planned, TransactionStatement.LockTable lock) {
    if (!block.isOpen()) {
      throw ErrorCode.NO_ACTIVE_TRANSACTION
          .error("LOCK TABLE can only be used in transaction blocks")
          .build();
    }
    block.refuseFailed();
    detachRows();
    SqlTransaction transaction = block.transaction();
    statements.enter(planned, transaction);
    boolean shared =
        switch (lock.mode()) {
          case "ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE" -> true;
          default -> false;
        };
    try {
      for (QualifiedName name : lock.tables()) {
        int id =
            planned
                .context()
                .planning(planned.parsed().source(), new ParameterTypes())
                .relation(name)
                .id();
        transaction.lock(id, shared ? LockMode.SHARED : LockMode.EXCLUSIVE);
      }
    } catch (RuntimeException | Error e) {
      block.fail();
      throw e;
    }
    return "LOCK TABLE";
  }
}
