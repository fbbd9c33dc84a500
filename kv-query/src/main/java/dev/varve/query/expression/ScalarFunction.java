// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.expression;

import java.util.List;

/** One overload of a function or operator that computes a value from values. Equal by identity. */
public interface ScalarFunction {
  /** The name, lower case; for an operator its symbol. */
  String name();

  /** When results may differ for equal arguments. */
  Volatility volatility();

  /** Whether it is written between (or before) its operands. */
  default boolean isOperator() {
    return !Character.isLetter(name().charAt(0)) && name().charAt(0) != '_';
  }

  /**
   * Whether the result is NULL as soon as one argument is. A strict function is not called for such
   * rows.
   */
  boolean isStrict();

  /** An evaluator for {@code call}, given those of its arguments. */
  Evaluator evaluator(Expression.Call call, List<Evaluator> arguments, EvaluationContext context);

  /** When results may differ for equal arguments. */
  enum Volatility {
    /** Never: may be computed ahead. */
    IMMUTABLE,
    /** Between statements: now(), current_setting(). */
    STABLE,
    /** At every call: random(), nextval(). */
    VOLATILE
  }
}
