// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.aggregate;

import dev.varve.query.expression.ExpressionCompiler;
import dev.varve.query.function.AggregateCall;
import dev.varve.query.operator.ExecutionContext;
import dev.varve.query.operator.Operator;
import dev.varve.query.spill.RowPartitions;
import dev.varve.query.spill.SpillFile;
import dev.varve.query.spill.SpilledRows;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.ColumnStore;
import dev.varve.query.vector.Vector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Groups rows by columns of the child and aggregates each group; without keys one group over all rows,
 * even if there is none; without calls the distinct keys. Yields keys, then results.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>I1: all rows of a group are taken in during the same round. A round begins with an empty table;
 *       when memory is full the table is frozen, and from then on rows of groups that are not in it
 *       go to disk, divided by their keys' hashes. Each part on disk is a later round's input.
 *   <li>I2: a round freezes with at least one group, so that each part is smaller than its round's
 *       input, and the number of rounds is bounded.
 * </ol>
 */
public final class HashAggregateOperator implements Operator {
  private final Operator child;
  private final int[] keys;
  private final CallState[] calls;
  private final List<SqlType> types = new ArrayList<>();
  private final GroupTable table;
  private final Vector[] keyColumns;
  private final Batch output;
  private final Deque<Part> parts = new ArrayDeque<>();
  private int[] groups = new int[Batch.CAPACITY];
  private @Nullable ExecutionContext context;
  private @Nullable SpillFile file;
  private @Nullable RowPartitions partitions;
  private int[] sequence = new int[Batch.CAPACITY];
  private int cursor;
  private int groupCount;

  /** Rows on disk and how often their hashes were divided. */
  private record Part(SpilledRows rows, int level) {}

  /**
   * Groups the child's rows.
   *
   * @param keys positions of the key columns in the child
   * @param calls whose column references are positions in the child
   */
  public HashAggregateOperator(
      Operator child, int[] keys, List<AggregateCall> calls, ExpressionCompiler compiler) {
    this.child = child;
    this.keys = keys.clone();
    for (int key : keys) {
      types.add(child.types().get(key));
    }
    this.table = new GroupTable(types);
    this.keyColumns = new Vector[keys.length];
    this.calls = new CallState[calls.size()];
    for (int i = 0; i < this.calls.length; i++) {
      this.calls[i] = CallState.of(calls.get(i), compiler);
      types.add(calls.get(i).type());
    }
    this.output = Batch.allocate(types, Batch.CAPACITY);
  }

  @Override
  public List<SqlType> types() {
    return types;
  }

  @Override
  public void open(ExecutionContext execution) {
    context = execution;
    beginRound();
    child.open(execution);
    for (Batch batch = child.next(); batch != null; batch = child.next()) {
      execution.checkCanceled();
      add(batch, 0, execution);
    }
    child.close();
    endRound();
  }

  private void beginRound() {
    table.clear();
    ExecutionContext execution = context;
    assert execution != null : "not open";
    for (CallState call : calls) {
      call.clear();
      call.open(execution);
      call.ensureGroups(keys.length == 0 ? 1 : 0);
    }
    partitions = null;
    cursor = 0;
  }

  private void endRound() {
    RowPartitions divided = partitions;
    if (divided != null) {
      for (SpilledRows part : divided.finish()) {
        parts.push(new Part(part, divided.level() + 1));
      }
      partitions = null;
    }
    for (CallState call : calls) {
      call.finish();
    }
    groupCount = keys.length == 0 ? 1 : table.count();
  }

  private void add(Batch batch, int level, ExecutionContext execution) {
    int count = batch.count();
    if (keys.length == 0) {
      for (CallState call : calls) {
        call.add(batch, batch.selection(), count, null);
      }
      relieve(execution, false);
      return;
    }
    if (groups.length < count) {
      groups = new int[count];
    }
    for (int i = 0; i < keys.length; i++) {
      keyColumns[i] = batch.column(keys[i]);
    }
    RowPartitions divided = partitions;
    table.assign(keyColumns, batch.selection(), count, groups, divided == null);
    int[] selection = batch.selection();
    if (divided != null) {
      int[] present = new int[count];
      count = divide(batch, divided, present);
      selection = present;
    }
    for (CallState call : calls) {
      call.ensureGroups(table.count());
      call.add(batch, selection, count, groups);
    }
    if (relieve(execution, divided != null) && divided == null && level < RowPartitions.MAX_LEVEL) {
      partitions = new RowPartitions(child.types(), file(execution), level);
    }
  }

  /** Sends rows of unknown groups to disk; the others remain in {@code present} and groups. */
  private int divide(Batch batch, RowPartitions divided, int[] present) {
    long[] hashes = null;
    int kept = 0;
    int count = batch.count();
    for (int k = 0; k < count; k++) {
      if (groups[k] == GroupTable.ABSENT) {
        if (hashes == null) {
          hashes = table.hash(keyColumns, batch.selection(), count);
        }
        divided.add(batch, k, hashes[k]);
      } else {
        present[kept] = batch.row(k);
        groups[kept++] = groups[k];
      }
    }
    return kept;
  }

  /** Whether memory is full; if freezing the table does not help, the calls must. */
  private boolean relieve(ExecutionContext execution, boolean frozen) {
    long bytes = table.sizeBytes();
    for (CallState call : calls) {
      bytes += call.sizeBytes();
    }
    boolean full = bytes > execution.workMemoryBytes();
    if (full && (frozen || keys.length == 0)) {
      for (CallState call : calls) {
        call.relieve();
      }
    }
    return full;
  }

  private SpillFile file(ExecutionContext execution) {
    SpillFile present = file;
    if (present == null) {
      present = execution.spill().create();
      file = present;
    }
    return present;
  }

  @Override
  public @Nullable Batch next() {
    ExecutionContext execution = context;
    while (cursor == groupCount) {
      Part part = parts.poll();
      if (part == null || execution == null) {
        return null;
      }
      beginRound();
      SpilledRows.Reader reader = part.rows().reader();
      for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
        execution.checkCanceled();
        add(batch, part.level(), execution);
      }
      endRound();
    }
    return results();
  }

  private Batch results() {
    int rows = Math.min(Batch.CAPACITY, groupCount - cursor);
    output.clear();
    for (int i = 0; i < rows; i++) {
      sequence[i] = cursor + i;
    }
    for (int i = 0; i < keys.length; i++) {
      ColumnStore.view(output.column(i), table.keys().column(i), sequence, 0, rows);
    }
    for (int i = 0; i < calls.length; i++) {
      calls[i].accumulator.results(cursor, rows, output.column(keys.length + i));
    }
    output.setCount(rows);
    cursor += rows;
    return output;
  }

  @Override
  public void close() {
    cursor = 0;
    groupCount = 0;
    parts.clear();
    partitions = null;
    table.clear();
    try {
      for (CallState call : calls) {
        call.close();
      }
      if (file != null) {
        file.close();
        file = null;
      }
    } finally {
      child.close();
    }
  }
}
