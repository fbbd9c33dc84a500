// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import dev.varve.Cursor;

/**
 * A cursor that can hand over many entries in one call. It shows one state of the store, fixed when
 * it was opened; of the writes that its own transaction does while it is open it may or may not show
 * those that lie ahead of it, and never shows an entry twice. It must not be used after the
 * transaction or snapshot it came from has ended.
 */
public interface BatchCursor extends Cursor {
  /**
   * Clears {@code batch} and fills it with the entries after the current one until it is full.
   * Afterwards the cursor stands on the last entry handed over.
   *
   * @return how many; 0 at the end
   */
  int next(EntryBatch batch);
}
