// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.aggregate;

import dev.varve.query.expression.Evaluator;
import dev.varve.query.expression.ExpressionCompiler;
import dev.varve.query.function.Accumulator;
import dev.varve.query.function.AggregateCall;
import dev.varve.query.operator.ExecutionContext;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate call while rows come in: evaluates its filter and arguments and hands them to the
 * accumulator, at once or through what makes them distinct or sorts them.
 */
class CallState implements AutoCloseable {
  final AggregateCall call;
  final Evaluator[] evaluators;
  Accumulator accumulator;
  private final Vector[] arguments;
  private final @Nullable Evaluator filter;
  private int[] filtered = {};
  private int[] filteredGroups = {};

  CallState(AggregateCall call, ExpressionCompiler compiler) {
    this.call = call;
    this.evaluators = compiler.compileAll(call.arguments()).toArray(Evaluator[]::new);
    this.arguments = new Vector[evaluators.length];
    this.filter = call.filter() == null ? null : compiler.compile(call.filter());
    this.accumulator = call.function().accumulator();
  }

  /** The state that the call needs. */
  static CallState of(AggregateCall call, ExpressionCompiler compiler) {
    if (!call.orderBy().isEmpty() || call.distinct() && call.function().isOrderSensitive()) {
      return new OrderedCallState(call, compiler);
    }
    return call.distinct() ? new DistinctCallState(call, compiler) : new CallState(call, compiler);
  }

  /** Gets ready for an execution. */
  void open(ExecutionContext context) {}

  /** Makes groups exist. */
  final void ensureGroups(int groups) {
    accumulator.ensureGroups(groups);
  }

  /**
   * Takes in rows of a batch.
   *
   * @param groups the group of each, indexed like {@code selection}; null when all belong to group 0
   */
  final void add(Batch batch, int @Nullable [] selection, int count, int @Nullable [] groups) {
    int[] rows = selection;
    int[] rowGroups = groups;
    int rowCount = count;
    Evaluator condition = filter;
    if (condition != null) {
      if (filtered.length < count) {
        filtered = new int[Math.max(count, Batch.CAPACITY)];
        filteredGroups = new int[filtered.length];
      }
      rowCount = condition.select(batch, selection, count, filtered);
      rowGroups = groups == null ? null : matching(selection, groups, rowCount);
      rows = filtered;
    }
    if (rowCount == 0) {
      return;
    }
    for (int i = 0; i < evaluators.length; i++) {
      arguments[i] = evaluators[i].evaluate(batch, rows, rowCount);
    }
    take(batch, arguments, rows, rowCount, rowGroups);
  }

  private int[] matching(int @Nullable [] selection, int[] groups, int found) {
    int at = 0;
    for (int k = 0; at < found; k++) {
      if ((selection == null ? k : selection[k]) == filtered[at]) {
        filteredGroups[at++] = groups[k];
      }
    }
    return filteredGroups;
  }

  /** Takes in rows that passed the filter. */
  void take(
      Batch batch, Vector[] values, int @Nullable [] rows, int count, int @Nullable [] groups) {
    if (groups == null) {
      accumulator.addToOne(values, rows, count, 0);
    } else {
      accumulator.add(values, rows, count, groups);
    }
  }

  /** Ends the input: results can be read. */
  void finish() {}

  /** Lets go what memory it can, taking more time from now on. */
  void relieve() {}

  /** Heap bytes. */
  long sizeBytes() {
    return accumulator.sizeBytes();
  }

  /** Forgets all groups and lets their memory go. */
  void clear() {
    accumulator = call.function().accumulator();
  }

  @Override
  public void close() {
    filtered = new int[0];
    filteredGroups = new int[0];
    clear();
  }

  /** Group 0 for each of {@code count} rows, unless groups are given. */
  static int[] orZeros(int @Nullable [] groups, int count) {
    return groups == null ? new int[count] : groups;
  }
}
