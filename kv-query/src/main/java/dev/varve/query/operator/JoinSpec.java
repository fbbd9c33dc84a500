// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.expression.Evaluator;
import dev.varve.query.plan.JoinKind;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What a join does with its candidate pairs. Evaluators see the left columns, then the right ones.
 *
 * @param kind how rows are put together
 * @param conditions what candidates must satisfy beyond what the algorithm makes sure of, or null
 * @param comparisons of a MARK join, what decides the mark among partners, or null
 * @param read the columns that conditions and comparisons read
 * @param output the columns that readers of the join want; others hold anything
 */
public record JoinSpec(
    JoinKind kind,
    @Nullable Evaluator conditions,
    @Nullable Evaluator comparisons,
    BitSet read,
    BitSet output) {
  boolean isOutput(int column) {
    return kind.producesRight() && output.get(column);
  }

  boolean isNeeded(int column) {
    return read.get(column) || isOutput(column);
  }
}
