// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.memory;

import dev.varve.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import org.jspecify.annotations.Nullable;

/**
 * Allocates and maps off-heap memory. Thread-safe.
 *
 * <p>On Java 22 and later through {@code java.lang.foreign}: freed at once when the region is closed,
 * and not limited by {@code -XX:MaxDirectMemorySize}. On Java 17 to 21 through direct and mapped
 * buffers, which the collector frees after the region is closed; {@link Reclaimer} sees to it that
 * this does not take for ever. There, what exceeds the JVM's limit of direct memory is mapped from
 * an unlinked temporary file.
 *
 * <p>Memory is zeroed when it is allocated, so its cost grows with its size: allocate in slabs as
 * they are needed, not the whole of a large cache at once.
 */
public final class OffHeap {
  private static final @Nullable ForeignMemory FOREIGN = ForeignMemory.find();

  private OffHeap() {}

  /** Whether closing a region frees it at once, and a later access to it throws. */
  public static boolean freesAtOnce() {
    return FOREIGN != null;
  }

  /** Bytes of closed regions that the collector has yet to free; always 0 from Java 22 on. */
  public static long waitingBytes() {
    return FOREIGN != null ? 0 : Reclaimer.SHARED.waitingBytes();
  }

  /**
   * Allocates {@code sizeBytes} zero bytes, 1 to 2 GiB - 1, aligned to at least 8, and counts them
   * against {@code budget} until the region is closed.
   *
   * @throws dev.varve.VarveException {@code OUT_OF_MEMORY} when the budget or the machine has no more
   */
  public static Region allocate(MemoryBudget budget, MemoryPurpose purpose, long sizeBytes) {
    if (sizeBytes <= 0 || sizeBytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("sizeBytes=" + sizeBytes);
    }
    budget.reserve(purpose, sizeBytes);
    Runnable release = () -> budget.release(purpose, sizeBytes);
    try {
      return FOREIGN != null
          ? ForeignRegion.allocate(FOREIGN, sizeBytes, release)
          : CollectedRegion.allocate((int) sizeBytes, release);
    } catch (OutOfMemoryError e) {
      release.run();
      throw ErrorCode.OUT_OF_MEMORY
          .error("The machine has no more memory.")
          .fact("purpose", purpose)
          .fact("wantedBytes", sizeBytes)
          .fact("usedBytes", budget.usedBytes())
          .fact("limitBytes", budget.limitBytes())
          .cause(e)
          .build();
    }
  }

  /**
   * Maps the first {@code sizeBytes} bytes of a file, at most 2 GiB - 1; {@link Region#buffer()} is a
   * {@link java.nio.MappedByteBuffer}. The channel may be closed afterwards. Not counted: the pages
   * belong to the operating system's cache.
   */
  public static Region map(FileChannel channel, MapMode mode, long sizeBytes) throws IOException {
    if (sizeBytes < 0 || sizeBytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("sizeBytes=" + sizeBytes);
    }
    return FOREIGN != null
        ? ForeignRegion.map(FOREIGN, channel, mode, sizeBytes)
        : new CollectedRegion(channel.map(mode, 0, sizeBytes), () -> {});
  }
}
