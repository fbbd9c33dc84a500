// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import dev.varve.Cursor;

/** A cursor that can hand over many entries in one call. */
public interface BatchCursor extends Cursor {
  /**
   * Clears {@code batch} and fills it with the entries after the current one until it is full.
   * Afterwards the cursor stands on the last entry handed over.
   *
   * @return how many; 0 at the end
   */
  int next(EntryBatch batch);
}
