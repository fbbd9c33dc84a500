// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.session;

import dev.varve.Column;
import dev.varve.ErrorCode;
import dev.varve.Result;
import dev.varve.Rows;
import dev.varve.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement that a session keeps for its caller. */
final class PreparedStatement implements Statement {
  private final SqlSession session;
  private final StatementCache statements;
  private final Runnable onClose;
  private PlannedStatement planned;
  private boolean closed;

  PreparedStatement(
      SqlSession session, PlannedStatement planned, StatementCache statements, Runnable onClose) {
    this.session = session;
    this.planned = planned;
    this.statements = statements;
    this.onClose = onClose;
  }

  private Result run(@Nullable Object[] parameters) {
    if (closed) {
      throw ErrorCode.CLOSED.error("The statement is closed.").build();
    }
    if (planned.isBusy()) {
      planned = statements.copy(planned);
    }
    return session.run(planned, parameters);
  }

  @Override
  public long execute(@Nullable Object... parameters) {
    try (Result result = run(parameters)) {
      return result.changed();
    }
  }

  @Override
  public Rows query(@Nullable Object... parameters) {
    return SqlSession.requireRows(run(parameters));
  }

  @Override
  public List<Column> columns() {
    session.plan(planned);
    return ResultRows.columns(planned.columns());
  }

  @Override
  public int parameterCount() {
    return planned.parsed().parameterCount();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      onClose.run();
    }
  }
}
