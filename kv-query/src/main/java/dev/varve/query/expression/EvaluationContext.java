// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.expression;

import dev.varve.ErrorCode;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What an expression may ask of the execution it is part of: parameters, times, settings. Set up
 * before each execution by the session; compiled evaluators keep a reference and may be run again
 * after it changed. Not thread-safe but for {@link #cancel}.
 */
public final class EvaluationContext {
  private static final Object[] NO_VALUES = {};

  private @Nullable Object[] parameters = NO_VALUES;
  private long transactionMicros;
  private long statementMicros;
  private ZoneId zone = ZoneOffset.UTC;
  private SessionFunctions session = SessionFunctions.NONE;
  private SplittableRandom random = new SplittableRandom();
  private volatile @Nullable String cancellation;

  /**
   * Sets the parameters' values, as {@link dev.varve.query.vector.Vector#datum} has them. The array is
   * kept: a change in it is seen by the next evaluation.
   */
  public EvaluationContext parameters(@Nullable Object... values) {
    this.parameters = values;
    return this;
  }

  /** A parameter's value. */
  public @Nullable Object parameter(int index) {
    if (index >= parameters.length) {
      throw ErrorCode.UNDEFINED_PARAMETER
          .error("There is no value for parameter $" + (index + 1) + ".")
          .fact("given", parameters.length)
          .build();
    }
    return parameters[index];
  }

  /** Sets when the transaction and the statement began, in microseconds since 1970-01-01 UTC. */
  public EvaluationContext times(long transactionBeganMicros, long statementBeganMicros) {
    this.transactionMicros = transactionBeganMicros;
    this.statementMicros = statementBeganMicros;
    return this;
  }

  /** When the transaction began, in microseconds since 1970-01-01 UTC: what now() returns. */
  public long transactionMicros() {
    return transactionMicros;
  }

  /** When the statement began, in microseconds since 1970-01-01 UTC. */
  public long statementMicros() {
    return statementMicros;
  }

  /** Sets the session's time zone. */
  public EvaluationContext zone(ZoneId timeZone) {
    this.zone = timeZone;
    return this;
  }

  /** The session's time zone. */
  public ZoneId zone() {
    return zone;
  }

  /** Sets what functions may ask of the session. */
  public EvaluationContext session(SessionFunctions functions) {
    this.session = functions;
    return this;
  }

  /** What functions may ask of the session. */
  public SessionFunctions session() {
    return session;
  }

  /** The session's random numbers. */
  public SplittableRandom random() {
    return random;
  }

  /** Restarts the random numbers: setseed(). */
  public void seed(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Makes {@link #checkCanceled} fail from now on; may be called by any thread. */
  public void cancel(String reason) {
    cancellation = reason;
  }

  /** Forgets a cancellation. */
  public void resume() {
    cancellation = null;
  }

  /** Throws QUERY_CANCELED when the statement was canceled or ran out of time. */
  public void checkCanceled() {
    String reason = cancellation;
    if (reason != null) {
      throw ErrorCode.QUERY_CANCELED.error(reason).build();
    }
  }
}
