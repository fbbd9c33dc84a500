// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.aggregate;

import dev.varve.query.spill.SpillFile;
import dev.varve.query.spill.SpilledRows;
import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.util.ArrayList;
import java.util.List;

/** Rows on their way to disk, divided by their keys' hashes. */
final class RowPartitions {
  /** How many parts. */
  static final int COUNT = 16;

  /** Deeper, the hash has no bits left to divide by. */
  static final int MAX_LEVEL = 14;

  private static final int BITS = 4;
  private static final int BUFFER_ROWS = 512;

  private final int level;
  private final SpilledRows[] parts = new SpilledRows[COUNT];
  private final Batch[] buffers = new Batch[COUNT];

  RowPartitions(List<SqlType> types, SpillFile file, int level) {
    this.level = level;
    for (int i = 0; i < COUNT; i++) {
      parts[i] = new SpilledRows(types, file);
      buffers[i] = Batch.allocate(types, BUFFER_ROWS);
    }
  }

  int level() {
    return level;
  }

  /** Adds the {@code k}-th selected row of a batch, whose key has that hash. */
  void add(Batch batch, int k, long hash) {
    int part = (int) (hash >>> Long.SIZE - BITS * (level + 1)) & COUNT - 1;
    Batch buffer = buffers[part];
    buffer.append(batch, k);
    if (buffer.count() == BUFFER_ROWS) {
      parts[part].append(buffer);
      buffer.clear();
    }
  }

  /** The parts that have rows. */
  List<SpilledRows> finish() {
    List<SpilledRows> filled = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      parts[i].append(buffers[i]);
      parts[i].finish();
      if (parts[i].count() > 0) {
        filled.add(parts[i]);
      }
    }
    return filled;
  }
}
