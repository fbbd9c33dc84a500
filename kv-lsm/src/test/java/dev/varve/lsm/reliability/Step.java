// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.reliability;

import dev.varve.Durability;
import java.util.List;

/** What a history does to a store. */
sealed interface Step {
  /** Changes that become visible together. */
  record Commit(List<Change> changes, Durability durability) implements Step {}

  /** Changes in key order, each key once, committed as tables. */
  record CommitSorted(List<Change> changes) implements Step {}

  /** Forces what is committed. */
  record Sync() implements Step {}

  /** Writes the memtables to tables. */
  record Flush() implements Step {}

  /** Moves everything to the last level. */
  record Compact() implements Step {}

  /** Makes an openable copy, which must show the same. */
  record Checkpoint() implements Step {}

  /** Opens the store a second time for reading, as another process would; it must show the same. */
  record ReadBeside() implements Step {}

  /** Closes the store properly and opens it again. */
  record Reopen() implements Step {}
}
