// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A running part of a query plan: yields batches of rows to whoever pulls. One thread at a time.
 *
 * <p>Protocol: {@link #open}, {@link #next} until null, {@link #close}; any number of such rounds,
 * each with an {@link ExecutionContext} of its own. An operator opens, pulls and closes its children
 * itself. After an exception only {@code close} may follow. An operator holds memory, files and
 * cursors only between {@code open} and {@code close}.
 */
public interface Operator extends AutoCloseable {
  /** The types of the columns of its batches. */
  List<SqlType> types();

  /** Gets ready to yield all rows, from the first. */
  void open(ExecutionContext context);

  /**
   * The next rows, or null when there are none left. Never an empty batch. The batch and what it
   * holds belong to the operator and are valid until its next call; the caller may narrow the
   * batch's selection and change nothing else.
   */
  @Nullable Batch next();

  /** Gives everything back. Idempotent, allowed after a failed {@code open}. */
  @Override
  void close();
}
