// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.optimizer;

import dev.varve.query.expression.ExpressionCompiler;
import dev.varve.query.plan.ColumnAllocator;

/**
 * What passes may use.
 *
 * @param columns hands out new columns
 * @param compiler evaluates what is known at planning
 */
record PassContext(ColumnAllocator columns, ExpressionCompiler compiler, Statistics statistics) {}
