// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.memory;

import dev.varve.ErrorCode;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts live off-heap bytes by purpose against one limit. Thread-safe and lock-free.
 *
 * <p>Invariant: the sum over all purposes never exceeds the limit.
 */
public final class MemoryBudget {
  private static final MemoryPurpose[] PURPOSES = MemoryPurpose.values();

  private final long limitBytes;
  private final AtomicLong usedBytes = new AtomicLong();
  private final AtomicLongArray byPurpose = new AtomicLongArray(PURPOSES.length);

  /** A budget of {@code limitBytes}, more than zero. */
  public MemoryBudget(long limitBytes) {
    if (limitBytes <= 0) {
      throw new IllegalArgumentException("limitBytes=" + limitBytes);
    }
    this.limitBytes = limitBytes;
  }

  /** The limit in bytes. */
  public long limitBytes() {
    return limitBytes;
  }

  /** Live bytes of all purposes. */
  public long usedBytes() {
    return usedBytes.get();
  }

  /** Live bytes of one purpose. */
  public long usedBytes(MemoryPurpose purpose) {
    return byPurpose.get(purpose.ordinal());
  }

  /** Takes {@code bytes} if the limit allows it. */
  public boolean tryReserve(MemoryPurpose purpose, long bytes) {
    long used;
    do {
      used = usedBytes.get();
      if (bytes > limitBytes - used) {
        return false;
      }
    } while (!usedBytes.compareAndSet(used, used + bytes));
    byPurpose.addAndGet(purpose.ordinal(), bytes);
    return true;
  }

  /**
   * Takes {@code bytes}.
   *
   * @throws dev.varve.VarveException {@code OUT_OF_MEMORY} with the use by purpose
   */
  public void reserve(MemoryPurpose purpose, long bytes) {
    if (!tryReserve(purpose, bytes)) {
      var error =
          ErrorCode.OUT_OF_MEMORY
              .error("The memory limit of this database is reached.")
              .fact("purpose", purpose)
              .fact("wantedBytes", bytes)
              .fact("usedBytes", usedBytes.get())
              .fact("limitBytes", limitBytes);
      for (MemoryPurpose each : PURPOSES) {
        error.fact(each.name().toLowerCase(java.util.Locale.ROOT), usedBytes(each));
      }
      throw error.hint("Raise Options.memoryLimit or do less at a time.").build();
    }
  }

  /** Gives {@code bytes} back. */
  public void release(MemoryPurpose purpose, long bytes) {
    long left = byPurpose.addAndGet(purpose.ordinal(), -bytes);
    usedBytes.addAndGet(-bytes);
    assert left >= 0 : purpose + " released more than it reserved: " + left;
  }
}
