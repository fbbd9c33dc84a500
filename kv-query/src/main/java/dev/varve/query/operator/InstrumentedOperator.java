// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts the rows and the time of an operator, its children's time included. */
public final class InstrumentedOperator implements Operator {
  private final Operator operator;
  private long rows;
  private long nanos;
  private long loops;

  /** Watches {@code operator}. */
  public InstrumentedOperator(Operator operator) {
    this.operator = operator;
  }

  /** The rows yielded in all rounds. */
  public long rows() {
    return rows;
  }

  /** The time taken in all rounds. */
  public long nanos() {
    return nanos;
  }

  /** How often it was opened. */
  public long loops() {
    return loops;
  }

  @Override
  public List<SqlType> types() {
    return operator.types();
  }

  @Override
  public void open(ExecutionContext context) {
    long begin = System.nanoTime();
    operator.open(context);
    nanos += System.nanoTime() - begin;
    loops++;
  }

  @Override
  public @Nullable Batch next() {
    long begin = System.nanoTime();
    Batch batch = operator.next();
    nanos += System.nanoTime() - begin;
    rows += batch == null ? 0 : batch.count();
    return batch;
  }

  @Override
  public void close() {
    operator.close();
  }
}
