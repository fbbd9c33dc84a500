// SPDX-License-Identifier: Apache-2.0
/**
 * Functions and operators: which there are, which overload a call means, and what they compute; and
 * the aggregate functions' state.
 *
 * <p>Reading order: {@link dev.varve.query.function.ExpressionBuilder}, {@link
 * dev.varve.query.function.FunctionRegistry}, {@link dev.varve.query.function.Overload}, {@link
 * dev.varve.query.function.AggregateFunction}, {@link dev.varve.query.function.Accumulator}; then
 * the {@code XxxFunctions} and {@code XxxOperators} by subject. Depends on {@code type}, {@code
 * vector} and {@code expression}.
 */
@NullMarked
package dev.varve.query.function;

import org.jspecify.annotations.NullMarked;
