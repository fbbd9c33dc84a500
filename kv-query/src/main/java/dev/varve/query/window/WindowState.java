// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.window;

import dev.varve.ErrorCode;
import dev.varve.query.expression.EvaluationContext;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.expression.ExpressionCompiler;
import dev.varve.query.function.WindowCall;
import dev.varve.query.function.WindowFrame;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.DoubleVector;
import dev.varve.query.vector.IntVector;
import dev.varve.query.vector.LongVector;
import dev.varve.query.vector.Vector;
import org.jspecify.annotations.Nullable;

/** Computes one window function for all rows of partitions. */
abstract class WindowState {
  private final Evaluator[] evaluators;
  final Vector[] arguments;

  WindowState(Evaluator[] evaluators) {
    this.evaluators = evaluators;
    this.arguments = new Vector[evaluators.length];
  }

  static WindowState of(WindowCall call, ExpressionCompiler compiler, EvaluationContext context) {
    if (call.aggregate() != null) {
      return new WindowAggregate(call, compiler, context);
    }
    Evaluator[] evaluators = compiler.compileAll(call.arguments()).toArray(Evaluator[]::new);
    assert call.function() != null;
    return switch (call.function()) {
      case ROW_NUMBER, RANK, DENSE_RANK, PERCENT_RANK, CUME_DIST -> new Ranking(call, evaluators);
      case NTILE -> new Ntile(evaluators);
      case LAG -> new Neighbor(evaluators, -1);
      case LEAD -> new Neighbor(evaluators, 1);
      case FIRST_VALUE, LAST_VALUE, NTH_VALUE ->
          new FrameValue(call, evaluators, new Frames(call, compiler, context));
    };
  }

  /** Evaluates the arguments for all rows, of one or several partitions. */
  void begin(Batch rows) {
    for (int i = 0; i < evaluators.length; i++) {
      arguments[i] = evaluators[i].evaluate(rows, null, rows.count());
    }
  }

  /** Computes the results of a partition's rows, at the same rows of {@code into}. */
  abstract void compute(Partition partition, Vector into);

  /** row_number, rank, dense_rank, percent_rank, cume_dist. */
  private static final class Ranking extends WindowState {
    private final WindowCall call;

    Ranking(WindowCall call, Evaluator[] evaluators) {
      super(evaluators);
      this.call = call;
    }

    @Override
    void compute(Partition partition, Vector into) {
      assert call.function() != null;
      int from = partition.from();
      double others = partition.size() - 1;
      for (int row = from; row < partition.to(); row++) {
        int rank = partition.peerStart(row) - from + 1;
        switch (call.function()) {
          case ROW_NUMBER -> ((LongVector) into).set(row, row - from + 1L);
          case RANK -> ((LongVector) into).set(row, rank);
          case DENSE_RANK -> ((LongVector) into).set(row, partition.group(row) + 1L);
          case PERCENT_RANK ->
              ((DoubleVector) into).set(row, others == 0 ? 0 : (rank - 1) / others);
          default ->
              ((DoubleVector) into)
                  .set(row, (partition.peerEnd(row) - from) / (double) partition.size());
        }
      }
    }
  }

  /** ntile. */
  private static final class Ntile extends WindowState {
    Ntile(Evaluator[] evaluators) {
      super(evaluators);
    }

    @Override
    void compute(Partition partition, Vector into) {
      IntVector buckets = (IntVector) arguments[0];
      int from = partition.from();
      for (int row = from; row < partition.to(); row++) {
        if (buckets.nulls[from]) {
          into.setNull(row);
          continue;
        }
        int count = buckets.values[from];
        if (count <= 0) {
          throw ErrorCode.INVALID_NTILE_ARGUMENT
              .error("The argument of ntile must be greater than zero.")
              .build();
        }
        int small = partition.size() / count;
        int large = partition.size() % count;
        int index = row - from;
        int inLarge = large * (small + 1);
        ((IntVector) into)
            .set(
                row,
                index < inLarge ? index / (small + 1) + 1 : large + (index - inLarge) / small + 1);
      }
    }
  }

  /** lag and lead. */
  private static final class Neighbor extends WindowState {
    private final int direction;

    Neighbor(Evaluator[] evaluators, int direction) {
      super(evaluators);
      this.direction = direction;
    }

    @Override
    void compute(Partition partition, Vector into) {
      Vector values = arguments[0];
      IntVector offsets = arguments.length > 1 ? (IntVector) arguments[1] : null;
      for (int row = partition.from(); row < partition.to(); row++) {
        if (offsets != null && offsets.nulls[row]) {
          into.setNull(row);
          continue;
        }
        long target = row + direction * (long) (offsets == null ? 1 : offsets.values[row]);
        if (target >= partition.from() && target < partition.to()) {
          into.copy(row, values, (int) target);
        } else if (arguments.length > 2) {
          into.copy(row, arguments[2], row);
        } else {
          into.setNull(row);
        }
      }
    }
  }

  /** first_value, last_value, nth_value. */
  private static final class FrameValue extends WindowState {
    private final WindowCall call;
    private final Frames frames;

    FrameValue(WindowCall call, Evaluator[] evaluators, Frames frames) {
      super(evaluators);
      this.call = call;
      this.frames = frames;
    }

    @Override
    void begin(Batch rows) {
      super.begin(rows);
      frames.begin(rows);
    }

    @Override
    void compute(Partition partition, Vector into) {
      frames.enter(partition);
      for (int row = partition.from(); row < partition.to(); row++) {
        int start = frames.start(row);
        int end = frames.end(row);
        assert call.function() != null;
        int found =
            switch (call.function()) {
              case FIRST_VALUE -> nth(partition, row, start, end, 1);
              case LAST_VALUE -> last(partition, row, start, end);
              default -> nth(partition, row, start, end, index(row));
            };
        if (found < 0) {
          into.setNull(row);
        } else {
          into.copy(row, arguments[0], found);
        }
      }
    }

    private int index(int row) {
      IntVector indexes = (IntVector) arguments[1];
      if (indexes.nulls[row]) {
        return 0;
      }
      if (indexes.values[row] <= 0) {
        throw ErrorCode.INVALID_NTH_VALUE_ARGUMENT
            .error("The argument of nth_value must be greater than zero.")
            .build();
      }
      return indexes.values[row];
    }

    private int nth(Partition partition, int row, int start, int end, int index) {
      if (index == 0) {
        return -1;
      }
      if (frames.exclusion() == WindowFrame.Exclusion.NO_OTHERS) {
        return index <= end - start ? start + index - 1 : -1;
      }
      int left = index;
      for (int at = start; at < end; at++) {
        if (!isExcluded(frames.exclusion(), partition, row, at) && --left == 0) {
          return at;
        }
      }
      return -1;
    }

    private int last(Partition partition, int row, int start, int end) {
      for (int at = end - 1; at >= start; at--) {
        if (!isExcluded(frames.exclusion(), partition, row, at)) {
          return at;
        }
      }
      return -1;
    }
  }

  /** Whether a row is left out of the frame of another. */
  static boolean isExcluded(
      WindowFrame.Exclusion exclusion, Partition partition, int row, int other) {
    return switch (exclusion) {
      case NO_OTHERS -> false;
      case CURRENT_ROW -> other == row;
      case GROUP -> other >= partition.peerStart(row) && other < partition.peerEnd(row);
      case TIES ->
          other != row && other >= partition.peerStart(row) && other < partition.peerEnd(row);
    };
  }

  static @Nullable Evaluator optional(
      dev.varve.query.expression.@Nullable Expression expression, ExpressionCompiler compiler) {
    return expression == null ? null : compiler.compile(expression);
  }
}
