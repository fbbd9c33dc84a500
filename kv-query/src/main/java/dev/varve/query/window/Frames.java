// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.window;

import dev.varve.ErrorCode;
import dev.varve.query.expression.EvaluationContext;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.expression.Expression;
import dev.varve.query.expression.ExpressionCompiler;
import dev.varve.query.expression.Position;
import dev.varve.query.expression.SortKey;
import dev.varve.query.function.ExpressionBuilder;
import dev.varve.query.function.FunctionRegistry;
import dev.varve.query.function.ParameterTypes;
import dev.varve.query.function.WindowCall;
import dev.varve.query.function.WindowFrame;
import dev.varve.query.function.WindowFrame.Bound;
import dev.varve.query.function.WindowFrame.BoundKind;
import dev.varve.query.function.WindowFrame.Unit;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.IntVector;
import dev.varve.query.vector.IntervalVector;
import dev.varve.query.vector.LongVector;
import dev.varve.query.vector.NumericVector;
import dev.varve.query.vector.Vector;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Where the frame of each row begins and ends. Rows are asked in ascending order within a partition,
 * so that ends given by values are found by going on from the row before.
 */
final class Frames {
  private final WindowFrame frame;
  private final EvaluationContext context;
  private final @Nullable Edge startEdge;
  private final @Nullable Edge endEdge;
  private final @Nullable Evaluator startOffset;
  private final @Nullable Evaluator endOffset;
  private Partition partition = new Partition();
  private long startRows;
  private long endRows;

  /** The value that a RANGE bound lies at, and the order key in the same type. */
  private static final class Edge {
    final Evaluator bound;
    final Evaluator key;
    final boolean descending;
    final boolean isStart;
    @Nullable Vector bounds;
    @Nullable Vector keys;
    int at;

    Edge(Evaluator bound, Evaluator key, boolean descending, boolean isStart) {
      this.bound = bound;
      this.key = key;
      this.descending = descending;
      this.isStart = isStart;
    }

    /** Whether a row lies before the edge that the current row has. */
    boolean isBefore(int row, int current) {
      Vector k = keys;
      Vector b = bounds;
      assert k != null && b != null;
      int order = k.compare(row, b, current);
      order = descending ? -order : order;
      return isStart ? order < 0 : order <= 0;
    }
  }

  Frames(WindowCall call, ExpressionCompiler compiler, EvaluationContext context) {
    this.frame = call.frame();
    this.context = context;
    boolean byValue = frame.unit() == Unit.RANGE;
    this.startEdge = byValue ? edge(call, frame.start(), true, compiler) : null;
    this.endEdge = byValue ? edge(call, frame.end(), false, compiler) : null;
    this.startOffset = offset(frame.start(), compiler);
    this.endOffset = offset(frame.end(), compiler);
  }

  private static @Nullable Evaluator offset(Bound bound, ExpressionCompiler compiler) {
    return bound.offset() == null ? null : compiler.compile(bound.offset());
  }

  private static @Nullable Edge edge(
      WindowCall call, Bound bound, boolean isStart, ExpressionCompiler compiler) {
    Expression offset = bound.offset();
    if (offset == null) {
      return null;
    }
    SortKey order = call.orderBy().get(0);
    ExpressionBuilder builder =
        new ExpressionBuilder(new FunctionRegistry(), new ParameterTypes(), ZoneOffset.UTC, 0);
    boolean backwards = bound.kind() == BoundKind.PRECEDING;
    String operator = backwards != order.descending() ? "-" : "+";
    Expression value = builder.operator(operator, order.expression(), offset, Position.NONE);
    Expression key = builder.cast(order.expression(), value.type(), Position.NONE);
    return new Edge(compiler.compile(value), compiler.compile(key), order.descending(), isStart);
  }

  /** Evaluates what depends on the rows; the offsets are the same for all. */
  void begin(Batch rows) {
    startRows = checked(startOffset, "starting");
    endRows = checked(endOffset, "ending");
    for (Edge edge : new Edge[] {startEdge, endEdge}) {
      if (edge != null) {
        edge.bounds = edge.bound.evaluate(rows, null, rows.count());
        edge.keys = edge.key.evaluate(rows, null, rows.count());
      }
    }
  }

  private long checked(@Nullable Evaluator offset, String which) {
    if (offset == null) {
      return 0;
    }
    context.checkCanceled();
    Batch one = new Batch();
    one.setCount(1);
    Vector value = offset.evaluate(one, null, 1);
    if (value.isNull(0)) {
      throw ErrorCode.NULL_NOT_ALLOWED
          .error("The frame " + which + " offset must not be null.")
          .build();
    }
    if (isNegative(value)) {
      throw ErrorCode.INVALID_FRAME
          .error("The frame " + which + " offset must not be negative.")
          .build();
    }
    return value instanceof LongVector longs
        ? longs.values[0]
        : value instanceof IntVector ints ? ints.values[0] : 0;
  }

  private static boolean isNegative(Vector value) {
    if (value instanceof LongVector longs) {
      return longs.values[0] < 0;
    } else if (value instanceof IntVector ints) {
      return ints.values[0] < 0;
    } else if (value instanceof NumericVector numeric) {
      return numeric.isFinite(0) && numeric.decimal(0).signum() < 0;
    }
    Vector zero = Vector.allocate(SqlType.of(value.type().kind()), 1);
    if (zero instanceof IntervalVector interval) {
      interval.set(0, 0, 0, 0);
    }
    return value.compare(0, zero, 0) < 0;
  }

  /** Goes to a partition. */
  void enter(Partition rows) {
    partition = rows;
    for (Edge edge : new Edge[] {startEdge, endEdge}) {
      if (edge != null) {
        edge.at = rows.from();
      }
    }
  }

  /** Whether every row's frame is the whole partition. */
  boolean isWhole() {
    return frame.exclusion() == WindowFrame.Exclusion.NO_OTHERS
        && frame.start().kind() == BoundKind.UNBOUNDED_PRECEDING
        && frame.end().kind() == BoundKind.UNBOUNDED_FOLLOWING;
  }

  WindowFrame.Exclusion exclusion() {
    return frame.exclusion();
  }

  /** The first row of a row's frame. */
  int start(int row) {
    return switch (frame.start().kind()) {
      case UNBOUNDED_PRECEDING -> partition.from();
      case UNBOUNDED_FOLLOWING -> partition.to();
      case CURRENT_ROW -> frame.unit() == Unit.ROWS ? row : partition.peerStart(row);
      case PRECEDING -> moved(row, -startRows, startEdge, true);
      case FOLLOWING -> moved(row, startRows, startEdge, true);
    };
  }

  /** The row after the last of a row's frame; not before its start. */
  int end(int row) {
    int end =
        switch (frame.end().kind()) {
          case UNBOUNDED_PRECEDING -> partition.from();
          case UNBOUNDED_FOLLOWING -> partition.to();
          case CURRENT_ROW -> frame.unit() == Unit.ROWS ? row + 1 : partition.peerEnd(row);
          case PRECEDING -> moved(row, -endRows, endEdge, false);
          case FOLLOWING -> moved(row, endRows, endEdge, false);
        };
    return Math.max(end, start(row));
  }

  private int moved(int row, long distance, @Nullable Edge edge, boolean isStart) {
    if (edge != null) {
      return at(edge, row);
    }
    if (frame.unit() == Unit.ROWS) {
      long target = saturated(row, distance) + (isStart ? 0 : 1);
      return (int) Math.max(partition.from(), Math.min(target, partition.to()));
    }
    long group = saturated(partition.group(row), distance) + (isStart ? 0 : 1);
    return partition.groupStart((int) Math.max(0, Math.min(group, partition.groupCount())));
  }

  private static long saturated(long value, long distance) {
    return distance > Integer.MAX_VALUE
        ? Integer.MAX_VALUE
        : distance < -Integer.MAX_VALUE ? -Integer.MAX_VALUE : value + distance;
  }

  /** A row whose key is NULL has its peers around it; NULLs lie within no distance of a value. */
  private int at(Edge edge, int row) {
    Vector keys = edge.keys;
    assert keys != null;
    if (keys.nulls[row]) {
      return edge.isStart ? partition.peerStart(row) : partition.peerEnd(row);
    }
    int at = edge.at;
    while (at < partition.to() && keys.nulls[at] && at < row) {
      at++;
    }
    while (at < partition.to() && !keys.nulls[at] && edge.isBefore(at, row)) {
      at++;
    }
    edge.at = at;
    return at;
  }
}
