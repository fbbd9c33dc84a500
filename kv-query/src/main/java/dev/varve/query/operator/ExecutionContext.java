// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.ErrorCode;
import dev.varve.core.store.StoreReader;
import dev.varve.core.store.StoreTransaction;
import dev.varve.core.store.TransactionalStore;
import dev.varve.query.expression.EvaluationContext;
import dev.varve.query.spill.SpillDirectory;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the operators of one statement share: where they read, what expressions may ask, how much
 * memory each blocking operator may take, and the shared results of common table expressions. One
 * thread, but for the cancellation of {@link EvaluationContext#cancel}.
 */
public final class ExecutionContext implements AutoCloseable {
  private final EvaluationContext evaluation;
  private final TransactionalStore store;
  private final StoreReader reader;
  private final long workMemoryBytes;
  private final Map<Integer, SharedRows> shared = new HashMap<>();
  private final Map<String, Supplier<Operator>> given = new HashMap<>();
  private final Map<Instant, StoreReader> past = new HashMap<>();
  private @Nullable Object[] parameters = new @Nullable Object[0];
  private Supplier<RuntimeException> restart =
      () ->
          ErrorCode.WRITE_CONFLICT
              .error("A row that was waited for has changed since the statement began.")
              .build();
  private SpillDirectory spill = SpillDirectory.temporary();

  /** A context that reads through {@code reader}, which stays the caller's. */
  public ExecutionContext(
      EvaluationContext evaluation,
      TransactionalStore store,
      StoreReader reader,
      long workMemoryBytes) {
    this.evaluation = evaluation;
    this.store = store;
    this.reader = reader;
    this.workMemoryBytes = workMemoryBytes;
  }

  /**
   * Sets the statement's parameters, as {@code Vector.datum} has them, and makes room behind them for
   * values that dependent joins hand down.
   */
  public void parameters(List<? extends @Nullable Object> values, int handedDown) {
    parameters = Arrays.copyOf(values.toArray(), values.size() + handedDown);
    evaluation.parameters(parameters);
  }

  /** Sets a value that a dependent join hands down, at its index behind the parameters. */
  void handDown(int index, @Nullable Object value) {
    parameters[index] = value;
  }

  /** Supplies rows that a plan reads under a name. */
  public void given(String name, Supplier<Operator> rows) {
    given.put(name, rows);
  }

  Operator given(String name) {
    Supplier<Operator> rows = given.get(name);
    if (rows == null) {
      throw ErrorCode.INTERNAL
          .error("Rows that a plan reads are not given.")
          .fact("name", name)
          .build();
    }
    return rows.get();
  }

  /**
   * Sets what is thrown when a row that was waited for has changed meanwhile, so that the statement has
   * to run again.
   */
  public ExecutionContext restartWith(Supplier<RuntimeException> exception) {
    restart = exception;
    return this;
  }

  /** What to throw when a row that was waited for has changed meanwhile. */
  RuntimeException restart() {
    return restart.get();
  }

  /** What expressions may ask. */
  public EvaluationContext evaluation() {
    return evaluation;
  }

  /** The transaction or snapshot in which rows are read. */
  public StoreReader reader() {
    return reader;
  }

  /** The transaction, where one is needed. */
  public StoreTransaction transaction() {
    if (reader instanceof StoreTransaction transaction) {
      return transaction;
    }
    throw ErrorCode.READ_ONLY.error("A snapshot cannot lock or change rows.").build();
  }

  /** The state at {@code instant}, open until this context is closed. */
  public StoreReader asOf(Instant instant) {
    return past.computeIfAbsent(instant, store::asOf);
  }

  /** How many bytes of heap a blocking operator may fill before it spills. */
  public long workMemoryBytes() {
    return workMemoryBytes;
  }

  /** Sets where operators put what does not fit their memory; else below the system's temporary one. */
  public ExecutionContext spillTo(SpillDirectory directory) {
    spill = directory;
    return this;
  }

  /** Where operators put what does not fit their memory. */
  public SpillDirectory spill() {
    return spill;
  }

  /** Throws QUERY_CANCELED when the statement was canceled or ran out of time. */
  public void checkCanceled() {
    evaluation.checkCanceled();
  }

  void share(int cte, @Nullable SharedRows rows) {
    if (rows == null) {
      shared.remove(cte);
    } else {
      shared.put(cte, rows);
    }
  }

  SharedRows shared(int cte) {
    SharedRows rows = shared.get(cte);
    if (rows == null) {
      throw ErrorCode.INTERNAL
          .error("A common table expression is read outside its query.")
          .fact("cte", cte)
          .build();
    }
    return rows;
  }

  @Override
  public void close() {
    past.values().forEach(StoreReader::close);
    past.clear();
    shared.clear();
  }
}
