// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.memory;

/** What off-heap memory is used for; {@link MemoryBudget} counts by it. */
public enum MemoryPurpose {
  MEMTABLE,
  WAL,
  BLOCK_CACHE,
  TABLE_INDEX,
  WRITE_SET,
  COMPACTION,
  QUERY_WORK,
  FILES
}
