// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.session;

import dev.varve.ErrorCode;
import dev.varve.Result;
import dev.varve.Rows;
import dev.varve.Session;
import dev.varve.Statement;
import dev.varve.VarveException;
import dev.varve.core.store.StoreReader;
import dev.varve.query.ast.SessionStatement;
import dev.varve.query.ast.TransactionStatement;
import dev.varve.query.parser.ParsedStatement;
import dev.varve.query.parser.Parser;
import dev.varve.query.transaction.SqlTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A conversation in SQL, with transactions of its own or inside of one that somebody else began. */
public final class SqlSession implements Session {
  private final SqlEngine engine;
  private final SessionSettings settings;
  private final TransactionBlock block;
  private final StatementCache statements;
  private final SessionCommands commands;
  private final StatementGuard guard;
  private final StatementExecution execution;
  private boolean closed;

  SqlSession(SqlEngine engine, @Nullable StoreReader joined, int number) {
    this.engine = engine;
    this.settings = new SessionSettings(engine.isolation());
    this.block = new TransactionBlock(engine, settings, joined);
    this.guard = new StatementGuard(engine.timer(), settings);
    this.statements = new StatementCache(engine, settings, number);
    this.execution = new StatementExecution(engine, block, statements, guard);
    this.commands = new SessionCommands(settings, block, statements, execution);
  }

  private void refuseClosed() {
    if (closed) {
      throw ErrorCode.CLOSED.error("The session is closed.").build();
    }
  }

  @Override
  public Result run(String sql, @Nullable Object... parameters) {
    refuseClosed();
    PlannedStatement cached = statements.find(sql);
    if (cached != null) {
      return run(cached, parameters);
    }
    List<ParsedStatement> parsed = failing(() -> Errors.inText(sql, () -> Parser.parse(sql)));
    if (parsed.isEmpty()) {
      return new Result("", null, 0);
    }
    if (parsed.size() == 1) {
      return run(statements.add(sql, parsed.get(0)), parameters);
    }
    if (parameters.length > 0) {
      throw ErrorCode.SYNTAX_ERROR
          .error("cannot insert multiple commands into a prepared statement")
          .build();
    }
    return runAll(parsed, parameters);
  }

  /** Runs statements in order; the result is that of the last, or of the last that returned rows. */
  private Result runAll(List<ParsedStatement> parsed, @Nullable Object[] parameters) {
    Result last = new Result("", null, 0);
    try {
      for (ParsedStatement each : parsed) {
        if (last.rows() instanceof ResultRows rows) {
          rows.detach();
        }
        Result next = run(statements.planned(each), parameters);
        if (next.rows() != null || last.rows() == null) {
          last.close();
          last = next;
        }
      }
      return last;
    } catch (RuntimeException | Error e) {
      last.close();
      throw e;
    }
  }

  /** What {@code body} returns; an error in a transaction block makes the block fail. */
  private <T> T failing(Supplier<T> body) {
    try {
      return body.get();
    } catch (RuntimeException | Error e) {
      if (block.isOpen() && !block.isJoined()) {
        block.fail();
      }
      throw e;
    }
  }

  /** Runs a statement that is planned, or will be. */
  Result run(PlannedStatement planned, @Nullable Object[] parameters) {
    refuseClosed();
    return failing(
        () -> Errors.inText(planned.parsed().source().sql(), () -> dispatch(planned, parameters)));
  }

  private Result dispatch(PlannedStatement planned, @Nullable Object[] parameters) {
    if (planned.statement() instanceof TransactionStatement.LockTable lock) {
      return new Result(execution.lockTable(planned, lock), null, 0);
    } else if (planned.statement() instanceof TransactionStatement statement) {
      execution.detachRows();
      return new Result(block.execute(statement), null, 0);
    } else if (planned.statement() instanceof SessionStatement statement) {
      block.refuseFailed();
      return commands.execute(statement, planned, parameters);
    }
    return execution.execute(planned, parameters);
  }

  @Override
  public long execute(String sql, @Nullable Object... parameters) {
    try (Result result = run(sql, parameters)) {
      return result.changed();
    }
  }

  @Override
  public Rows query(String sql, @Nullable Object... parameters) {
    return rows(sql, parameters);
  }

  ResultRows rows(String sql, @Nullable Object... parameters) {
    return requireRows(run(sql, parameters));
  }

  static ResultRows requireRows(Result result) {
    if (result.rows() instanceof ResultRows rows) {
      return rows;
    }
    result.close();
    throw ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE
        .error("The statement returned no rows.")
        .fact("command", result.command())
        .hint("Call execute instead of query.")
        .build();
  }

  @Override
  public Statement prepare(String sql) {
    refuseClosed();
    return prepared(sql, () -> {});
  }

  /** Prepares a statement that closes this session with it. */
  Statement prepareOwning(String sql) {
    return prepared(sql, this::close);
  }

  private Statement prepared(String sql, Runnable onClose) {
    ParsedStatement parsed = Errors.inText(sql, () -> Parser.parseOne(sql));
    PlannedStatement planned = statements.planned(parsed);
    Errors.inText(
        sql,
        () -> {
          execution.plan(planned);
          return null;
        });
    return new PreparedStatement(this, planned, statements, onClose);
  }

  /** Makes the plan fit the present catalog. */
  void plan(PlannedStatement planned) {
    refuseClosed();
    execution.plan(planned);
  }

  @Override
  public Status status() {
    return block.status();
  }

  @Override
  public void statementTimeout(Duration limit) {
    if (limit.isNegative()) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("A statement timeout cannot be negative.")
          .fact("statementTimeout", limit)
          .build();
    }
    settings.statementTimeout(limit);
  }

  @Override
  public void cancel() {
    guard.cancel("canceling statement due to user request");
  }

  // For those who joined a transaction.

  /** Commits the transaction that the session has joined; returns the commit timestamp. */
  public long commit() {
    SqlTransaction transaction = block.transaction();
    execution.detachRows();
    return transaction.commit();
  }

  /** Takes the transaction back that the session has joined. */
  public void rollback() {
    execution.invalidateRows("The transaction was rolled back.");
    block.transaction().rollback();
  }

  /** First phase of a two-phase commit of the transaction that the session has joined. */
  public void prepareCommit(String globalId) {
    execution.detachRows();
    block.transaction().prepare(globalId);
  }

  /** Sets a savepoint in the transaction that the session has joined. */
  public dev.varve.Savepoint savepoint(String name) {
    return block.transaction().savepoint(name);
  }

  /** Takes back what came after the savepoint. */
  public void rollbackTo(dev.varve.Savepoint savepoint) {
    execution.detachRows();
    block.transaction().rollbackTo(savepoint);
  }

  /** Forgets the savepoint. */
  public void release(dev.varve.Savepoint savepoint) {
    block.transaction().release(savepoint);
  }

  /** Ends what is left of a use of this session, so that another can begin. */
  void reset() {
    execution.detachRows();
    block.close();
    settings.reset();
    statements.forgetNames();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    List<RuntimeException> failures = new ArrayList<>();
    try {
      execution.invalidateRows("The session is closed.");
      block.close();
      statements.dropTemporaries();
    } catch (VarveException e) {
      if (e.code() != ErrorCode.CLOSED) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
  }

  SqlEngine engine() {
    return engine;
  }
}
