// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.sort;

import dev.varve.query.spill.SpillDirectory;
import dev.varve.query.spill.SpillFile;
import dev.varve.query.spill.SpilledRows;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.ColumnStore;
import dev.varve.query.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorts any number of rows within a bound of memory, keeping the order of equal ones. Rows are added,
 * then read: while they fit, they are sorted in memory; else each memoryful is sorted and written as
 * a run, and the runs are merged. Not thread-safe; the owner closes it.
 */
public final class RowSorter implements AutoCloseable {
  /** The most runs merged at once. */
  private static final int FAN_IN = 48;

  /** The least memory that a run fills, however little is allowed. */
  private static final long LEAST_BYTES = 256 << 10;

  private final List<SqlType> types;
  private final RowOrder order;
  private final long memoryBytes;
  private final SpillDirectory directory;
  private final ColumnStore store;
  private final List<SpilledRows> runs = new ArrayList<>();
  private final Batch output;
  private @Nullable SpillFile file;
  private int[] sorted = {};
  private int cursor;
  private @Nullable RunMerger merger;

  /**
   * A sorter for rows of {@code types}.
   *
   * @param memoryBytes how much heap the rows may take before they go to disk
   */
  public RowSorter(
      List<SqlType> types, RowOrder order, long memoryBytes, SpillDirectory directory) {
    this.types = types;
    this.order = order;
    this.memoryBytes = Math.max(memoryBytes, LEAST_BYTES);
    this.directory = directory;
    this.store = new ColumnStore(types);
    this.output = Batch.allocate(types, Batch.CAPACITY);
  }

  /** Takes in the selected rows of a batch. */
  public void add(Batch batch) {
    store.append(batch);
    spillIfFull();
  }

  /** Takes in one row. */
  public void add(Vector[] columns, int row) {
    store.append(columns, row);
    if ((store.count() & 1023) == 0) {
      spillIfFull();
    }
  }

  private void spillIfFull() {
    if (store.sizeBytes() + 24L * store.count() > memoryBytes) {
      writeRun();
    }
  }

  /** Whether rows went to disk. */
  public boolean hasSpilled() {
    return file != null;
  }

  private SpillFile file() {
    SpillFile present = file;
    if (present == null) {
      present = directory.create();
      file = present;
    }
    return present;
  }

  private void writeRun() {
    int count = store.count();
    if (count == 0) {
      return;
    }
    int[] rows = IndirectSort.sorted(order, store.columns(), count);
    SpilledRows run = new SpilledRows(types, file());
    int step = batchRows(count);
    for (int at = 0; at < count; at += step) {
      store.read(rows, at, Math.min(step, count - at), output);
      run.append(output);
    }
    run.finish();
    runs.add(run);
    store.clear();
  }

  /** So many rows to a chunk that the chunks of all runs merged at once fit the memory. */
  private int batchRows(int count) {
    long rowBytes = Math.max(1, store.sizeBytes() / count);
    long chunkBytes = Math.max(16 << 10, memoryBytes / (FAN_IN * 2));
    return (int) Math.max(1, Math.min(Batch.CAPACITY, chunkBytes / rowBytes));
  }

  /** Ends adding: the next {@link #next} yields the first row. */
  public void finish() {
    if (runs.isEmpty()) {
      sorted = IndirectSort.sorted(order, store.columns(), store.count());
      cursor = 0;
      return;
    }
    writeRun();
    while (runs.size() > FAN_IN) {
      List<SpilledRows> some = new ArrayList<>(runs.subList(0, FAN_IN));
      runs.subList(0, FAN_IN).clear();
      runs.add(0, merged(some));
    }
    merger = new RunMerger(runs, order, output);
  }

  private SpilledRows merged(List<SpilledRows> some) {
    SpilledRows result = new SpilledRows(types, file());
    Batch buffer = Batch.allocate(types, Batch.CAPACITY);
    RunMerger merging = new RunMerger(some, order, buffer);
    for (Batch batch = merging.next(); batch != null; batch = merging.next()) {
      result.append(batch);
    }
    result.finish();
    return result;
  }

  /** The next rows in order, valid until the next call; null at the end. */
  public @Nullable Batch next() {
    RunMerger merging = merger;
    if (merging != null) {
      return merging.next();
    }
    int count = Math.min(Batch.CAPACITY, sorted.length - cursor);
    if (count <= 0) {
      return null;
    }
    store.read(sorted, cursor, count, output);
    cursor += count;
    return output;
  }

  /** Gives memory and files back; the sorter is empty and can be used again. */
  @Override
  public void close() {
    store.clear();
    runs.clear();
    sorted = new int[0];
    cursor = 0;
    merger = null;
    SpillFile present = file;
    file = null;
    if (present != null) {
      present.close();
    }
  }
}
