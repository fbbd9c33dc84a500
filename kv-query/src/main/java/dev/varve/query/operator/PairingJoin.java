// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.ErrorCode;
import dev.varve.query.plan.JoinKind;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.BooleanVector;
import dev.varve.query.vector.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all joins have in common. A subclass yields, for one left batch at a time, candidate pairs of
 * a left row and a right row; here the remaining conditions are applied, who found a partner is
 * remembered, and the output of each {@link JoinKind} is formed from that.
 *
 * <p>Invariants: (J1) the left child is not asked for a batch before the pairs of the last one are
 * used up; (J2) a left row's flag is set exactly when one of its pairs passed all conditions; (J3)
 * right rows are numbered the same while {@link JoinKind#keepsRight} needs their flags.
 */
abstract class PairingJoin implements Operator {
  private static final byte FALSE = 0;
  private static final byte UNKNOWN = 1;
  private static final byte TRUE = 2;

  final JoinSpec spec;
  final Operator left;
  final int[] leftRows = new int[Batch.CAPACITY];
  final int[] rightRows = new int[Batch.CAPACITY];

  private final List<SqlType> types;
  private final List<SqlType> rightTypes;
  private final int leftWidth;
  private final Batch pairs;
  private final Vector[] leftNulls;
  private final Vector[] rightNulls;
  private final Batch output;
  private final @Nullable Batch leftOnly;
  private final @Nullable BooleanVector marks;
  private final int[] selected = new int[Batch.CAPACITY];
  private final int[] survivors = new int[Batch.CAPACITY];
  private byte[] leftFlags = new byte[Batch.CAPACITY];
  private boolean[] rightFlags = new boolean[0];
  private @Nullable ExecutionContext context;
  private @Nullable Batch leftBatch;
  private boolean leftDone;
  private int rightCursor;

  PairingJoin(JoinSpec spec, Operator left, List<SqlType> rightTypes) {
    this.spec = spec;
    this.left = left;
    this.rightTypes = rightTypes;
    this.leftWidth = left.types().size();
    List<SqlType> both = new ArrayList<>(left.types());
    both.addAll(rightTypes);
    this.pairs = Batch.allocate(both, Batch.CAPACITY);
    this.output = new Batch(new Vector[both.size()]);
    this.leftNulls = nulls(left.types());
    this.rightNulls = nulls(rightTypes);
    if (spec.kind() == JoinKind.MARK) {
      this.marks = new BooleanVector(SqlType.BOOLEAN, Batch.CAPACITY);
      this.leftOnly = new Batch(new Vector[leftWidth + 1]);
    } else {
      this.marks = null;
      this.leftOnly = null;
    }
    List<SqlType> produced = new ArrayList<>(left.types());
    if (spec.kind() == JoinKind.MARK) {
      produced.add(SqlType.BOOLEAN);
    } else if (spec.kind().producesRight()) {
      produced.addAll(rightTypes);
    }
    this.types = List.copyOf(produced);
  }

  private static Vector[] nulls(List<SqlType> types) {
    Vector[] vectors = new Vector[types.size()];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = Vector.allocate(types.get(i), Batch.CAPACITY);
      Arrays.fill(vectors[i].nulls, true);
      vectors[i].hasNulls = true;
    }
    return vectors;
  }

  @Override
  public final List<SqlType> types() {
    return types;
  }

  @Override
  public final void open(ExecutionContext execution) {
    context = execution;
    leftBatch = null;
    leftDone = false;
    rightCursor = 0;
    openSides(execution);
    if (spec.kind().keepsRight()) {
      rightFlags = new boolean[rightCount()];
    }
  }

  /** Opens both children and reads the right one as far as the algorithm wants. */
  abstract void openSides(ExecutionContext execution);

  /** The next left batch, or null; by default from the left child. */
  @Nullable Batch nextLeft() {
    return left.next();
  }

  /** Called with each new left batch. */
  abstract void beginLeft(Batch batch);

  /**
   * Puts up to {@link Batch#CAPACITY} further pairs for the current left batch into {@link #leftRows}
   * and {@link #rightRows}; returns how many, 0 when there are no more.
   */
  abstract int candidates();

  /** The column of the right side that {@link #rightRows} index. */
  abstract Vector rightColumn(int index);

  /** The number of right rows, of joins that keep them. */
  abstract int rightCount();

  /** What the mark of a left row without partner is; only a null-aware join has more to say. */
  boolean unmatchedIsUnknown(int leftRow) {
    return false;
  }

  /** Whether no further pair of a left row matters once it has one. */
  final boolean onePartnerIsEnough() {
    return switch (spec.kind()) {
      case SEMI, ANTI -> true;
      case MARK -> spec.comparisons() == null;
      default -> false;
    };
  }

  /** Whether the left row of the current batch has a partner already. */
  final boolean hasPartner(int leftRow) {
    return leftFlags[leftRow] == TRUE;
  }

  /** Begins a further round over other rows of both sides; false when there is none. */
  boolean nextRound() {
    return false;
  }

  @Override
  public final @Nullable Batch next() {
    while (true) {
      Batch result = nextOfRound();
      if (result != null || !nextRound()) {
        return result;
      }
      leftDone = false;
      rightCursor = 0;
      if (spec.kind().keepsRight()) {
        rightFlags = new boolean[rightCount()];
      }
    }
  }

  private @Nullable Batch nextOfRound() {
    while (!leftDone) {
      Batch batch = leftBatch;
      if (batch == null) {
        execution().checkCanceled();
        batch = nextLeft();
        if (batch == null) {
          leftDone = true;
          break;
        }
        begin(batch);
      }
      int count = candidates();
      Batch result = count == 0 ? finishLeft(batch) : join(batch, count);
      if (result != null && result.count() > 0) {
        return result;
      }
    }
    return spec.kind().keepsRight() ? unmatchedRight() : null;
  }

  private void begin(Batch batch) {
    leftBatch = batch;
    int capacity = batch.width() == 0 ? Batch.CAPACITY : batch.column(0).capacity();
    if (leftFlags.length < capacity) {
      leftFlags = new byte[capacity];
    } else {
      Arrays.fill(leftFlags, FALSE);
    }
    beginLeft(batch);
  }

  private @Nullable Batch join(Batch batch, int candidates) {
    int count = candidates;
    int[] rows = null;
    if (spec.conditions() != null || spec.comparisons() != null || spec.kind().producesRight()) {
      gather(batch, candidates);
    }
    if (spec.conditions() != null) {
      count = spec.conditions().select(pairs, null, candidates, selected);
      rows = selected;
      pairs.select(rows, count);
    }
    switch (spec.kind()) {
      case SEMI, ANTI -> flag(rows, count);
      case MARK -> mark(rows, count);
      case SINGLE -> flagOnce(rows, count);
      default -> {
        if (spec.kind().keepsLeft()) {
          flag(rows, count);
        }
        if (spec.kind().keepsRight()) {
          for (int k = 0; k < count; k++) {
            rightFlags[rightRows[rows == null ? k : rows[k]]] = true;
          }
        }
      }
    }
    return spec.kind().producesRight() ? pairs : null;
  }

  private void gather(Batch batch, int count) {
    boolean all = spec.conditions() == null && spec.comparisons() == null;
    for (int i = 0; i < leftWidth; i++) {
      if (all ? spec.isOutput(i) : spec.isNeeded(i)) {
        RowBuffer.gather(pairs.column(i), batch.column(i), leftRows, count);
      }
    }
    for (int i = leftWidth; i < pairs.width(); i++) {
      if (all ? spec.isOutput(i) : spec.isNeeded(i)) {
        RowBuffer.gather(pairs.column(i), rightColumn(i - leftWidth), rightRows, count);
      }
    }
    pairs.setCount(count);
  }

  private void flag(int @Nullable [] rows, int count) {
    for (int k = 0; k < count; k++) {
      leftFlags[leftRows[rows == null ? k : rows[k]]] = TRUE;
    }
  }

  private void flagOnce(int @Nullable [] rows, int count) {
    for (int k = 0; k < count; k++) {
      int row = leftRows[rows == null ? k : rows[k]];
      if (leftFlags[row] == TRUE) {
        throw ErrorCode.CARDINALITY_VIOLATION
            .error("More than one row returned by a subquery used as an expression.")
            .build();
      }
      leftFlags[row] = TRUE;
    }
  }

  private void mark(int @Nullable [] rows, int count) {
    if (spec.comparisons() == null) {
      flag(rows, count);
      return;
    }
    BooleanVector answers = (BooleanVector) spec.comparisons().evaluate(pairs);
    for (int k = 0; k < count; k++) {
      int pair = rows == null ? k : rows[k];
      int row = leftRows[pair];
      if (answers.isNull(pair)) {
        leftFlags[row] = (byte) Math.max(leftFlags[row], UNKNOWN);
      } else if (answers.values[pair]) {
        leftFlags[row] = TRUE;
      }
    }
  }

  private @Nullable Batch finishLeft(Batch batch) {
    leftBatch = null;
    return switch (spec.kind()) {
      case INNER, RIGHT -> null;
      case SEMI -> narrowed(batch, true);
      case ANTI -> narrowed(batch, false);
      case MARK -> marked(batch);
      case LEFT, FULL, SINGLE -> unmatchedLeft(batch);
    };
  }

  private Batch narrowed(Batch batch, boolean wanted) {
    batch.select(survivors, flagged(batch, wanted));
    return batch;
  }

  private int flagged(Batch batch, boolean wanted) {
    int found = 0;
    for (int k = 0; k < batch.count(); k++) {
      int row = batch.row(k);
      survivors[found] = row;
      found += leftFlags[row] == TRUE == wanted ? 1 : 0;
    }
    return found;
  }

  private Batch unmatchedLeft(Batch batch) {
    for (int i = 0; i < leftWidth; i++) {
      output.setColumn(i, batch.column(i));
    }
    for (int i = 0; i < rightTypes.size(); i++) {
      output.setColumn(leftWidth + i, rightNulls[i]);
    }
    output.select(survivors, flagged(batch, false));
    return output;
  }

  private Batch marked(Batch batch) {
    Batch result = java.util.Objects.requireNonNull(leftOnly);
    BooleanVector vector = java.util.Objects.requireNonNull(marks);
    vector.reset();
    vector.ensureCapacity(leftFlags.length);
    for (int i = 0; i < leftWidth; i++) {
      result.setColumn(i, batch.column(i));
    }
    for (int k = 0; k < batch.count(); k++) {
      int row = batch.row(k);
      byte flag = leftFlags[row];
      if (flag == UNKNOWN || flag == FALSE && unmatchedIsUnknown(row)) {
        vector.setNull(row);
      } else {
        vector.set(row, flag == TRUE);
      }
    }
    result.setColumn(leftWidth, vector);
    result.select(batch.selection(), batch.count());
    return result;
  }

  private @Nullable Batch unmatchedRight() {
    execution().checkCanceled();
    int found = 0;
    int total = rightCount();
    for (; rightCursor < total && found < Batch.CAPACITY; rightCursor++) {
      if (!rightFlags[rightCursor]) {
        rightRows[found++] = rightCursor;
      }
    }
    if (found == 0) {
      return null;
    }
    for (int i = 0; i < leftWidth; i++) {
      output.setColumn(i, leftNulls[i]);
    }
    for (int i = 0; i < rightTypes.size(); i++) {
      Vector column = pairs.column(leftWidth + i);
      RowBuffer.gather(column, rightColumn(i), rightRows, found);
      output.setColumn(leftWidth + i, column);
    }
    output.setCount(found);
    return output;
  }

  final ExecutionContext execution() {
    return java.util.Objects.requireNonNull(context, "not open");
  }

  @Override
  public void close() {
    context = null;
    leftBatch = null;
    rightFlags = new boolean[0];
    left.close();
  }
}
