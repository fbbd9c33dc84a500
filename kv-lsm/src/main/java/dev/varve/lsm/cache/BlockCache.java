// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.cache;

import dev.varve.core.memory.MemoryBudget;

/** The off-heap cache of decompressed blocks. */
public final class BlockCache implements AutoCloseable {
  /** A cache of {@code capacityBytes}; 0 for one that keeps nothing. */
  public BlockCache(MemoryBudget budget, long capacityBytes) {}

  @Override
  public void close() {}
}
