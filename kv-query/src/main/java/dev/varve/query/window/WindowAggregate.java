// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.window;

import dev.varve.query.expression.EvaluationContext;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.expression.ExpressionCompiler;
import dev.varve.query.function.Accumulator;
import dev.varve.query.function.AggregateCall;
import dev.varve.query.function.WindowCall;
import dev.varve.query.function.WindowFrame.Exclusion;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.BooleanVector;
import dev.varve.query.vector.Vector;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate over the frame of each row. While frames only grow at their end, rows are added as they
 * come in; where the aggregate can take rows out again, also when they shrink at their begin; else a
 * frame that differs from the one before is computed anew.
 */
final class WindowAggregate extends WindowState {
  private final AggregateCall call;
  private final Frames frames;
  private final @Nullable Evaluator filter;
  private final EvaluationContext context;
  private final Accumulator accumulator;
  private final Vector result;
  private int[] rows = {};
  private @Nullable BooleanVector passes;

  WindowAggregate(WindowCall window, ExpressionCompiler compiler, EvaluationContext context) {
    super(compiler.compileAll(aggregate(window).arguments()).toArray(Evaluator[]::new));
    this.call = aggregate(window);
    this.frames = new Frames(window, compiler, context);
    this.filter = optional(call.filter(), compiler);
    this.context = context;
    this.accumulator = call.function().accumulator();
    this.result = Vector.allocate(call.type(), 1);
  }

  private static AggregateCall aggregate(WindowCall window) {
    AggregateCall call = window.aggregate();
    assert call != null;
    return call;
  }

  @Override
  void begin(Batch batch) {
    super.begin(batch);
    frames.begin(batch);
    passes = filter == null ? null : (BooleanVector) filter.evaluate(batch, null, batch.count());
  }

  @Override
  void compute(Partition partition, Vector into) {
    frames.enter(partition);
    restart();
    if (frames.isWhole()) {
      add(partition.from(), partition.to());
      accumulator.results(0, 1, result);
      for (int row = partition.from(); row < partition.to(); row++) {
        into.copy(row, result, 0);
      }
    } else if (frames.exclusion() == Exclusion.NO_OTHERS) {
      slide(partition, into);
    } else {
      for (int row = partition.from(); row < partition.to(); row++) {
        excluding(partition, row);
        write(into, row);
      }
    }
  }

  private void restart() {
    accumulator.clear();
    accumulator.ensureGroups(1);
    result.reset();
  }

  private void slide(Partition partition, Vector into) {
    int start = partition.from();
    int end = partition.from();
    boolean fresh = false;
    boolean canRemove = accumulator.canRemove();
    for (int row = partition.from(); row < partition.to(); row++) {
      int newStart = frames.start(row);
      int newEnd = frames.end(row);
      if (newStart != start && !(canRemove && newStart <= end)) {
        context.checkCanceled();
        restart();
        add(newStart, newEnd);
        fresh = false;
      } else {
        if (newStart != start) {
          remove(start, newStart);
          fresh = false;
        }
        if (newEnd != end) {
          add(end, newEnd);
          fresh = false;
        }
      }
      start = newStart;
      end = newEnd;
      if (!fresh) {
        result.reset();
        accumulator.results(0, 1, result);
        fresh = true;
      }
      into.copy(row, result, 0);
    }
  }

  private void write(Vector into, int row) {
    result.reset();
    accumulator.results(0, 1, result);
    into.copy(row, result, 0);
  }

  private void excluding(Partition partition, int row) {
    restart();
    int start = frames.start(row);
    int end = frames.end(row);
    int found = 0;
    ensure(end - start);
    for (int at = start; at < end; at++) {
      if (!isExcluded(frames.exclusion(), partition, row, at) && isWanted(at)) {
        rows[found++] = at;
      }
    }
    accumulator.addToOne(arguments, rows, found, 0);
  }

  private boolean isWanted(int row) {
    BooleanVector condition = passes;
    return condition == null || condition.values[row] && !condition.nulls[row];
  }

  private int wanted(int from, int to) {
    int found = 0;
    ensure(to - from);
    for (int row = from; row < to; row++) {
      if (isWanted(row)) {
        rows[found++] = row;
      }
    }
    return found;
  }

  private void ensure(int size) {
    if (rows.length < size) {
      rows = new int[Math.max(size, rows.length * 2)];
    }
  }

  private void add(int from, int to) {
    if (to > from) {
      int count = wanted(from, to);
      accumulator.addToOne(arguments, rows, count, 0);
    }
  }

  private void remove(int from, int to) {
    if (to > from) {
      int count = wanted(from, to);
      accumulator.remove(arguments, rows, count, 0);
    }
  }
}
