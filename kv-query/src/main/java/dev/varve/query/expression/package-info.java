// SPDX-License-Identifier: Apache-2.0
/**
 * Bound expressions and their compilation to evaluators over batches.
 *
 * <p>Reading order: {@link dev.varve.query.expression.Expression}, {@link
 * dev.varve.query.expression.Evaluator}, {@link dev.varve.query.expression.ExpressionCompiler},
 * {@link dev.varve.query.expression.ScalarFunction}, {@link
 * dev.varve.query.expression.EvaluationContext}. Depends on {@code type} and {@code vector}.
 */
@NullMarked
package dev.varve.query.expression;

import org.jspecify.annotations.NullMarked;
