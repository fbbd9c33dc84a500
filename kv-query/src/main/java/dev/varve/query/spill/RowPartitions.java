// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.spill;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.util.ArrayList;
import java.util.List;

/** Rows on their way to disk, divided by their keys' hashes. */
public final class RowPartitions {
  /** How many parts. */
  public static final int COUNT = 16;

  /** Deeper, the hash has no bits left to divide by. */
  public static final int MAX_LEVEL = 14;

  private static final int BITS = 4;
  private static final int BUFFER_ROWS = 512;

  private final int level;
  private final SpilledRows[] parts = new SpilledRows[COUNT];
  private final Batch[] buffers = new Batch[COUNT];

  /**
   * Empty parts.
   *
   * @param level which bits of the hash divide
   */
  public RowPartitions(List<SqlType> types, SpillFile file, int level) {
    this.level = level;
    for (int i = 0; i < COUNT; i++) {
      parts[i] = new SpilledRows(types, file);
      buffers[i] = Batch.allocate(types, BUFFER_ROWS);
    }
  }

  /** Which bits of the hash divide. */
  public int level() {
    return level;
  }

  /** Adds the {@code k}-th selected row of a batch, whose key has that hash. */
  public void add(Batch batch, int k, long hash) {
    int part = (int) (hash >>> Long.SIZE - BITS * (level + 1)) & COUNT - 1;
    Batch buffer = buffers[part];
    buffer.append(batch, k);
    if (buffer.count() == BUFFER_ROWS) {
      parts[part].append(buffer);
      buffer.clear();
    }
  }

  /** The parts that have rows. */
  public List<SpilledRows> finish() {
    List<SpilledRows> filled = new ArrayList<>();
    for (SpilledRows part : finishAll()) {
      if (part.count() > 0) {
        filled.add(part);
      }
    }
    return filled;
  }

  /** All {@link #COUNT} parts, in the order of the hashes. */
  public List<SpilledRows> finishAll() {
    for (int i = 0; i < COUNT; i++) {
      parts[i].append(buffers[i]);
      buffers[i].clear();
      parts[i].finish();
    }
    return List.of(parts);
  }
}
