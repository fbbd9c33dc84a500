// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.cache;

import dev.varve.core.memory.MemoryBudget;
import dev.varve.lsm.key.Lookup;
import java.nio.ByteBuffer;

/** The off-heap cache of decompressed blocks. */
public final class BlockCache implements Lookup.Pin, AutoCloseable {
  /** A cache of {@code capacityBytes}; 0 for one that keeps nothing. */
  public BlockCache(MemoryBudget budget, long capacityBytes) {}

  /** Pins a block; -1 if it is not there. */
  public long pin(long key) {
    return -1;
  }

  /** Takes room for a block, pinned and not to be found yet; -1 if there is none. */
  public long reserve(int bytes) {
    return -1;
  }

  /** Lets a block be found; returns the pinned block to use, which may be another thread's. */
  public long publish(long block, long key) {
    return block;
  }

  /** Gives room back that was not published. */
  public void abandon(long block) {}

  /** Ends a pin. */
  @Override
  public void unpin(long block) {}

  /** Holds a pinned block. */
  public ByteBuffer buffer(long block) {
    throw new IllegalStateException();
  }

  /** Where it begins. */
  public int offset(long block) {
    throw new IllegalStateException();
  }

  @Override
  public void close() {}
}
