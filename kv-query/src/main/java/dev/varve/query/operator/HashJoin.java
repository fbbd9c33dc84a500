// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.plan.JoinKind;
import dev.varve.query.spill.RowPartitions;
import dev.varve.query.spill.SpillFile;
import dev.varve.query.spill.SpilledRows;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.IntVector;
import dev.varve.query.vector.LongVector;
import dev.varve.query.vector.Vector;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds partners by the hash of equal keys; the right side is the one put into the table. When it does
 * not fit the work memory, both sides are divided by their hashes into parts on disk, and the parts
 * are joined one after the other, a part that is still too large being divided again.
 */
public final class HashJoin extends PairingJoin {
  private final Operator right;
  private final int[] leftKeys;
  private final int[] rightKeys;
  private final boolean[] nullSafe;
  private final boolean isNullAware;
  private final JoinTable table;
  private final long[] hashes = new long[Batch.CAPACITY];
  private final boolean[] absent = new boolean[Batch.CAPACITY];
  private boolean anyAbsent;
  private final Deque<Part> parts = new ArrayDeque<>();
  private @Nullable SpillFile file;
  private SpilledRows.@Nullable Reader leftPart;
  private long rightTotal;
  private boolean anyNullKey;
  private @Nullable Batch batch;
  private int leftAt;
  private int chain;

  /**
   * Joins two children.
   *
   * @param nullSafe for each key, whether NULL equals NULL
   * @param isNullAware of a MARK join whose keys are all that decides: whether a NULL among the keys
   *     makes the answer unknown
   */
  public HashJoin(
      JoinSpec spec,
      Operator left,
      Operator right,
      int[] leftKeys,
      int[] rightKeys,
      boolean[] nullSafe,
      boolean isNullAware) {
    super(spec, left, right.types());
    this.right = right;
    this.leftKeys = leftKeys.clone();
    this.rightKeys = rightKeys.clone();
    this.nullSafe = nullSafe.clone();
    this.isNullAware = isNullAware;
    this.table = new JoinTable(right.types(), this.rightKeys, this.nullSafe);
  }

  /** Rows of both sides whose hashes agree in the bits down to {@code level}. */
  private record Part(SpilledRows left, SpilledRows right, int level) {}

  @Override
  void openSides(ExecutionContext context) {
    release();
    right.open(context);
    RowPartitions divided = null;
    for (Batch each = right.next(); each != null; each = right.next()) {
      rightTotal += each.count();
      if (divided == null) {
        table.append(each);
        divided = isTooLarge(context) ? divide(context, 0) : null;
      } else {
        divide(each, rightKeys, divided);
      }
    }
    right.close();
    left.open(context);
    if (divided == null) {
      table.finish();
      anyNullKey = table.hasNullKey();
    } else {
      divideLeft(divided);
    }
  }

  private boolean isTooLarge(ExecutionContext context) {
    return leftKeys.length > 0 && table.sizeBytes() > context.workMemoryBytes();
  }

  /** Moves the rows of the table into parts. */
  private RowPartitions divide(ExecutionContext context, int level) {
    if (file == null) {
      file = context.spill().create();
    }
    RowPartitions divided = new RowPartitions(right.types(), file, level);
    Batch rows = Batch.allocate(right.types(), Batch.CAPACITY);
    for (int from = 0; from < table.rows().count(); from += rows.count()) {
      table.rows().read(from, rows);
      divide(rows, rightKeys, divided);
    }
    table.release();
    return divided;
  }

  private void divide(Batch rows, int[] keys, RowPartitions into) {
    JoinTable.hash(rows, keys, hashes);
    for (int k = 0; k < rows.count(); k++) {
      into.add(rows, k, hashes[k]);
      for (int i = 0; keys == rightKeys && i < keys.length; i++) {
        anyNullKey |= !nullSafe[i] && rows.column(keys[i]).isNull(rows.row(k));
      }
    }
  }

  private void divideLeft(RowPartitions rightParts) {
    RowPartitions leftParts = new RowPartitions(left.types(), file(), rightParts.level());
    for (Batch each = left.next(); each != null; each = left.next()) {
      execution().checkCanceled();
      divide(each, leftKeys, leftParts);
    }
    push(leftParts.finishAll(), rightParts.finishAll(), rightParts.level() + 1);
    begin(parts.pop());
  }

  private SpillFile file() {
    return java.util.Objects.requireNonNull(file);
  }

  private void push(List<SpilledRows> lefts, List<SpilledRows> rights, int level) {
    for (int i = lefts.size() - 1; i >= 0; i--) {
      parts.push(new Part(lefts.get(i), rights.get(i), level));
    }
  }

  /** Makes a part the one that is joined, or divides it and begins with its first part. */
  private void begin(Part first) {
    Part part = first;
    while (!load(part)) {
      RowPartitions rights = divide(execution(), part.level());
      SpilledRows.Reader rest = part.right().reader();
      for (Batch each = rest.next(); each != null; each = rest.next()) {
        divide(each, rightKeys, rights);
      }
      RowPartitions lefts = new RowPartitions(left.types(), file(), part.level());
      SpilledRows.Reader reader = part.left().reader();
      for (Batch each = reader.next(); each != null; each = reader.next()) {
        divide(each, leftKeys, lefts);
      }
      push(lefts.finishAll(), rights.finishAll(), part.level() + 1);
      part = parts.pop();
    }
    leftPart = part.left().reader();
  }

  /** Puts the right rows of a part into the table; false when they do not fit. */
  private boolean load(Part part) {
    table.release();
    SpilledRows.Reader reader = part.right().reader();
    for (Batch each = reader.next(); each != null; each = reader.next()) {
      execution().checkCanceled();
      table.append(each);
      if (isTooLarge(execution()) && part.level() <= RowPartitions.MAX_LEVEL && !isOneKey(part)) {
        table.release();
        return false;
      }
    }
    table.finish();
    return true;
  }

  /** Whether dividing a part has not made it smaller: its rows share one key. */
  private boolean isOneKey(Part part) {
    return part.level() > 2 && part.right().count() == rightTotal;
  }

  @Override
  boolean nextRound() {
    if (parts.isEmpty()) {
      return false;
    }
    begin(parts.pop());
    return true;
  }

  @Override
  @Nullable Batch nextLeft() {
    JoinKind kind = spec.kind();
    if (table.rows().count() == 0 && !kind.keepsLeft() && kind != JoinKind.ANTI) {
      return null;
    }
    SpilledRows.Reader part = leftPart;
    return part == null ? left.next() : part.next();
  }

  @Override
  void beginLeft(Batch next) {
    batch = next;
    leftAt = -1;
    chain = -1;
    JoinTable.hash(next, leftKeys, hashes);
    anyAbsent = false;
    for (int i = 0; i < leftKeys.length; i++) {
      Vector key = next.column(leftKeys[i]);
      if (key.hasNulls && !nullSafe[i]) {
        for (int k = 0; k < next.count(); k++) {
          absent[k] = anyAbsent && absent[k] || key.nulls[next.row(k)];
        }
        anyAbsent = true;
      }
    }
  }

  @Override
  int candidates() {
    Batch current = batch;
    if (current == null) {
      return 0;
    }
    int found;
    do {
      found = walk(current);
      for (int i = 0; i < leftKeys.length && found > 0; i++) {
        Vector leftKey = current.column(leftKeys[i]);
        Vector rightKey = table.rows().column(rightKeys[i]);
        found = nullSafe[i] ? agreeing(leftKey, rightKey, found) : equal(leftKey, rightKey, found);
      }
    } while (found == 0 && leftAt < current.count());
    return found;
  }

  private int walk(Batch current) {
    int found = 0;
    int count = current.count();
    int[] selection = current.selection();
    boolean once = onePartnerIsEnough();
    while (found < Batch.CAPACITY) {
      if (chain < 0) {
        leftAt++;
        if (leftAt >= count) {
          break;
        }
        chain = anyAbsent && absent[leftAt] ? -1 : table.first(hashes[leftAt]);
      } else {
        int row = selection == null ? leftAt : selection[leftAt];
        if (once && hasPartner(row)) {
          chain = -1;
        } else {
          leftRows[found] = row;
          rightRows[found++] = chain;
          chain = table.following(chain, hashes[leftAt]);
        }
      }
    }
    return found;
  }

  private int equal(Vector leftKey, Vector rightKey, int count) {
    int kept = 0;
    if (leftKey instanceof LongVector l && rightKey instanceof LongVector r) {
      for (int k = 0; k < count; k++) {
        leftRows[kept] = leftRows[k];
        rightRows[kept] = rightRows[k];
        kept += l.values[leftRows[k]] == r.values[rightRows[k]] ? 1 : 0;
      }
    } else if (leftKey instanceof IntVector l && rightKey instanceof IntVector r) {
      for (int k = 0; k < count; k++) {
        leftRows[kept] = leftRows[k];
        rightRows[kept] = rightRows[k];
        kept += l.values[leftRows[k]] == r.values[rightRows[k]] ? 1 : 0;
      }
    } else {
      for (int k = 0; k < count; k++) {
        boolean same = leftKey.equal(leftRows[k], rightKey, rightRows[k]);
        leftRows[kept] = leftRows[k];
        rightRows[kept] = rightRows[k];
        kept += same ? 1 : 0;
      }
    }
    return kept;
  }

  private int agreeing(Vector leftKey, Vector rightKey, int count) {
    int kept = 0;
    for (int k = 0; k < count; k++) {
      int leftRow = leftRows[k];
      int rightRow = rightRows[k];
      boolean isNull = leftKey.nulls[leftRow];
      boolean same =
          isNull == rightKey.nulls[rightRow]
              && (isNull || leftKey.equal(leftRow, rightKey, rightRow));
      leftRows[kept] = leftRow;
      rightRows[kept] = rightRow;
      kept += same ? 1 : 0;
    }
    return kept;
  }

  @Override
  boolean unmatchedIsUnknown(int leftRow) {
    if (!isNullAware || rightTotal == 0) {
      return false;
    }
    if (anyNullKey) {
      return true;
    }
    Batch current = batch;
    for (int key : leftKeys) {
      if (current != null && current.column(key).isNull(leftRow)) {
        return true;
      }
    }
    return false;
  }

  @Override
  Vector rightColumn(int index) {
    return table.rows().column(index);
  }

  @Override
  int rightCount() {
    return table.rows().count();
  }

  private void release() {
    table.release();
    parts.clear();
    leftPart = null;
    rightTotal = 0;
    anyNullKey = false;
    if (file != null) {
      file.close();
      file = null;
    }
  }

  @Override
  public void close() {
    release();
    batch = null;
    try {
      super.close();
    } finally {
      right.close();
    }
  }
}
