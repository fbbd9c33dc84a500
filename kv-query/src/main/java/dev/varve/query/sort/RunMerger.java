// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.sort;

import dev.varve.query.spill.SpilledRows;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Merges sorted runs by a binary heap of their current rows; of equal rows the earlier run's is first. */
final class RunMerger {
  private static final int ROWS = 1024;

  private final RowOrder order;
  private final SpilledRows.Reader[] readers;
  private final Vector[][] columns;
  private final int[] positions;
  private final int[] limits;
  private final int[] heap;
  private final Batch output;
  private int size;

  RunMerger(List<SpilledRows> runs, RowOrder order, Batch output) {
    this.order = order;
    this.output = output;
    this.readers = new SpilledRows.Reader[runs.size()];
    this.columns = new Vector[runs.size()][];
    this.positions = new int[runs.size()];
    this.limits = new int[runs.size()];
    this.heap = new int[runs.size()];
    for (int i = 0; i < readers.length; i++) {
      readers[i] = runs.get(i).reader();
      if (load(i)) {
        heap[size++] = i;
      }
    }
    for (int i = size / 2 - 1; i >= 0; i--) {
      siftDown(i);
    }
  }

  private boolean load(int run) {
    Batch batch = readers[run].next();
    if (batch == null) {
      return false;
    }
    if (columns[run] == null) {
      columns[run] = new Vector[batch.width()];
    }
    for (int i = 0; i < batch.width(); i++) {
      columns[run][i] = batch.column(i);
    }
    positions[run] = 0;
    limits[run] = batch.count();
    return true;
  }

  private boolean isBefore(int left, int right) {
    int result = order.compare(columns[left], positions[left], columns[right], positions[right]);
    return result < 0 || result == 0 && left < right;
  }

  private void siftDown(int from) {
    int at = from;
    int run = heap[at];
    while (true) {
      int child = at * 2 + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && isBefore(heap[child + 1], heap[child])) {
        child++;
      }
      if (!isBefore(heap[child], run)) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = run;
  }

  /** The next rows; null at the end. */
  @Nullable Batch next() {
    if (size == 0) {
      return null;
    }
    output.clear();
    int count = 0;
    while (size > 0 && count < ROWS) {
      int run = heap[0];
      for (int i = 0; i < output.width(); i++) {
        output.column(i).copy(count, columns[run][i], positions[run]);
      }
      count++;
      positions[run]++;
      if (positions[run] == limits[run] && !load(run)) {
        heap[0] = heap[--size];
      }
      if (size > 0) {
        siftDown(0);
      }
    }
    output.setCount(count);
    return output;
  }
}
