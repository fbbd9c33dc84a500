// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.session;

import dev.varve.ErrorCode;
import dev.varve.IsolationLevel;
import dev.varve.Rows;
import dev.varve.Statement;
import dev.varve.core.store.StoreReader;
import dev.varve.core.store.StoreSnapshot;
import dev.varve.core.store.TransactionalStore;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.function.FunctionRegistry;
import dev.varve.query.function.UserFunction;
import dev.varve.query.physical.PlannerOptions;
import dev.varve.query.physical.QueryPlanner;
import dev.varve.query.transaction.CatalogCache;
import dev.varve.query.transaction.RowIds;
import dev.varve.query.transaction.SequenceValues;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * SQL over a transactional store: one per database. Thread-safe. The store stays the caller's, and
 * must be closed after the engine.
 */
public final class SqlEngine implements AutoCloseable {
  private static final int IDLE_SESSIONS = 64;

  private final TransactionalStore store;
  private final FunctionRegistry functions = new FunctionRegistry();
  private final AtomicLong functionsVersion = new AtomicLong();
  private final QueryPlanner planner;
  private final CatalogCache catalogs;
  private final SequenceValues sequences;
  private final RowIds rowIds;
  private final StatementTimer timer = new StatementTimer();
  private final long workMemoryBytes;
  private final IsolationLevel isolation;
  private final AtomicInteger sessionNumbers = new AtomicInteger();

  /** Sessions that wait to run single statements. */
  private final ConcurrentLinkedDeque<SqlSession> idle = new ConcurrentLinkedDeque<>();

  private final AtomicInteger idleCount = new AtomicInteger();
  private volatile boolean closed;

  /**
   * SQL over {@code store}.
   *
   * @param isolation the isolation level of transactions that do not say
   * @param workMemoryBytes what each blocking operator may fill before it spills
   */
  public SqlEngine(TransactionalStore store, IsolationLevel isolation, long workMemoryBytes) {
    this(store, isolation, workMemoryBytes, PlannerOptions.DEFAULT);
  }

  /** The same with a restricted planner; answers do not depend on it. */
  public SqlEngine(
      TransactionalStore store,
      IsolationLevel isolation,
      long workMemoryBytes,
      PlannerOptions options) {
    this.store = store;
    this.isolation = isolation;
    this.workMemoryBytes = workMemoryBytes;
    this.planner = new QueryPlanner(functions, store).with(options);
    this.catalogs = new CatalogCache(store);
    this.sequences = new SequenceValues(store);
    this.rowIds = new RowIds(store);
  }

  TransactionalStore store() {
    return store;
  }

  QueryPlanner planner() {
    return planner;
  }

  CatalogCache catalogs() {
    return catalogs;
  }

  SequenceValues sequences() {
    return sequences;
  }

  RowIds rowIds() {
    return rowIds;
  }

  StatementTimer timer() {
    return timer;
  }

  long workMemoryBytes() {
    return workMemoryBytes;
  }

  IsolationLevel isolation() {
    return isolation;
  }

  /** Changes when a function is registered: plans of before are not used any more. */
  long functionsVersion() {
    return functionsVersion.get();
  }

  // Conversations.

  /** A session with transactions of its own; the caller closes it. */
  public SqlSession session() {
    refuseClosed();
    return new SqlSession(this, null, sessionNumbers.incrementAndGet());
  }

  /**
   * A session inside of {@code reader}: a transaction, which must then be ended by {@link
   * SqlSession#commit}, {@link SqlSession#rollback} or {@link SqlSession#prepareCommit}, or a snapshot.
   * Closing the session leaves the reader open.
   */
  public SqlSession join(StoreReader reader) {
    refuseClosed();
    return new SqlSession(this, reader, sessionNumbers.incrementAndGet());
  }

  private void refuseClosed() {
    if (closed) {
      throw ErrorCode.CLOSED.error("The database is closed.").build();
    }
  }

  // Single statements, each in a transaction of its own.

  /** Runs a statement; returns the number of rows changed. */
  public long execute(String sql, @Nullable Object... parameters) {
    SqlSession session = take();
    try {
      return session.execute(sql, parameters);
    } finally {
      give(session);
    }
  }

  /** Runs a query; the caller closes the rows. */
  public Rows query(String sql, @Nullable Object... parameters) {
    SqlSession session = take();
    boolean handedOver = false;
    try {
      ResultRows rows = session.rows(sql, parameters);
      rows.onClose(() -> give(session));
      handedOver = true;
      return rows;
    } finally {
      if (!handedOver) {
        give(session);
      }
    }
  }

  /** Prepares a statement; the caller closes it. */
  public Statement prepare(String sql) {
    SqlSession session = session();
    try {
      return session.prepareOwning(sql);
    } catch (RuntimeException | Error e) {
      session.close();
      throw e;
    }
  }

  private SqlSession take() {
    SqlSession session = idle.pollFirst();
    if (session == null) {
      return session();
    }
    idleCount.decrementAndGet();
    return session;
  }

  private void give(SqlSession session) {
    session.reset();
    if (!closed && idleCount.get() < IDLE_SESSIONS) {
      idleCount.incrementAndGet();
      idle.addFirst(session);
    } else {
      session.close();
    }
  }

  // The rest.

  /** Makes a Java function callable from SQL. */
  public void registerFunction(
      String name,
      List<Class<?>> parameters,
      Class<?> result,
      Function<Object[], @Nullable Object> body) {
    functions.register(new UserFunction(name, result, parameters, body));
    functionsVersion.incrementAndGet();
  }

  /** What is defined at present. */
  public Catalog catalog() {
    try (StoreSnapshot snapshot = store.snapshot()) {
      return catalogs.at(snapshot);
    }
  }

  /** Looks for definitions changed by another process. */
  public void refresh() {
    catalogs.refresh();
  }

  /** Ends all sessions that wait, and gives back reserved sequence values. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    timer.close();
    List<SqlSession> waiting = new ArrayList<>();
    for (SqlSession each = idle.pollFirst(); each != null; each = idle.pollFirst()) {
      waiting.add(each);
    }
    waiting.forEach(SqlSession::close);
    sequences.close();
  }
}
