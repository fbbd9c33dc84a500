// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs its body, which may read the rows of the definition; those are computed once, as needed. */
public final class WithOperator implements Operator {
  private final int cte;
  private final Operator definition;
  private final Operator body;
  private final Shared shared;

  /** Shares the rows of {@code definition} with {@code body}. */
  public WithOperator(int cte, Operator definition, Operator body) {
    this.cte = cte;
    this.definition = definition;
    this.body = body;
    this.shared = new Shared(definition);
  }

  private static final class Shared implements SharedRows {
    private final Operator definition;
    private final RowBuffer rows;
    private @Nullable ExecutionContext context;
    private boolean isOpen;
    private boolean isDone;

    Shared(Operator definition) {
      this.definition = definition;
      this.rows = new RowBuffer(definition.types());
    }

    void begin(ExecutionContext execution) {
      context = execution;
      rows.clear();
      isOpen = false;
      isDone = false;
    }

    @Override
    public RowBuffer rows() {
      return rows;
    }

    @Override
    public boolean ensure(int row) {
      while (rows.count() <= row && !isDone && context != null) {
        if (!isOpen) {
          isOpen = true;
          definition.open(context);
        }
        Batch batch = definition.next();
        if (batch == null) {
          isDone = true;
          definition.close();
        } else {
          rows.append(batch);
        }
      }
      return row < rows.count();
    }

    void end() {
      context = null;
      rows.release();
    }
  }

  @Override
  public List<SqlType> types() {
    return body.types();
  }

  @Override
  public void open(ExecutionContext context) {
    shared.begin(context);
    context.share(cte, shared);
    body.open(context);
  }

  @Override
  public @Nullable Batch next() {
    return body.next();
  }

  @Override
  public void close() {
    shared.end();
    Closing.both(body, definition);
  }
}
