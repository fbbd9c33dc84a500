// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.write;

import java.util.concurrent.atomic.AtomicLong;

/** Bounds the heap that the write sets of all transactions take together. Thread-safe. */
public final class WriteSetMemory {
  private static final long MOST_BYTES = 64L << 20;
  private static final long MOST_EACH_BYTES = 4L << 20;

  private final long limitBytes;
  private final long eachBytes;
  private final AtomicLong used = new AtomicLong();

  /** An eighth of the heap, but no more than 64 MiB. */
  public WriteSetMemory() {
    this(Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / 8));
  }

  /** {@code limitBytes} for all, and at most half of it or 4 MiB for each. */
  public WriteSetMemory(long limitBytes) {
    this.limitBytes = limitBytes;
    this.eachBytes = Math.min(MOST_EACH_BYTES, limitBytes / 2);
  }

  /** The heap in use. */
  public long usedBytes() {
    return used.get();
  }

  /** Counts a change; true if one that now takes {@code eachUsed} should move to the store. */
  boolean change(long bytes, long eachUsed) {
    long all = used.addAndGet(bytes);
    return eachUsed > eachBytes || all > limitBytes && eachUsed > eachBytes / 16;
  }
}
