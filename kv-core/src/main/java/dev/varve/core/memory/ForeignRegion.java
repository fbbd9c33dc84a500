// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** A region in an arena of its own: closing it frees the memory or unmaps the file at once. */
final class ForeignRegion implements Region {
  private static final long RETRY_NANOS = 50_000;

  private final ForeignMemory memory;
  private final Object arena;
  private final ByteBuffer buffer;
  private final Runnable onClose;
  private final AtomicBoolean closed = new AtomicBoolean();

  private ForeignRegion(ForeignMemory memory, Object arena, ByteBuffer buffer, Runnable onClose) {
    this.memory = memory;
    this.arena = arena;
    this.buffer = buffer;
    this.onClose = onClose;
  }

  static Region allocate(ForeignMemory memory, long sizeBytes, Runnable onClose) {
    Object arena = memory.openArena();
    try {
      return new ForeignRegion(memory, arena, memory.allocate(arena, sizeBytes), onClose);
    } catch (Throwable t) {
      memory.closeArena(arena);
      throw t;
    }
  }

  static Region map(ForeignMemory memory, FileChannel channel, MapMode mode, long sizeBytes)
      throws IOException {
    Object arena = memory.openArena();
    try {
      ByteBuffer buffer = memory.map(arena, channel, mode, sizeBytes);
      return new ForeignRegion(memory, arena, buffer, () -> {});
    } catch (Throwable t) {
      memory.closeArena(arena);
      throw t;
    }
  }

  @Override
  public ByteBuffer buffer() {
    return buffer;
  }

  @Override
  public long sizeBytes() {
    return buffer.capacity();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      closeWhenIdle();
      onClose.run();
    }
  }

  /** An arena refuses to close while the JDK itself is inside it: in a checksum, a write, a sync. */
  private void closeWhenIdle() {
    while (true) {
      try {
        memory.closeArena(arena);
        return;
      } catch (IllegalStateException busy) {
        LockSupport.parkNanos(this, RETRY_NANOS);
      }
    }
  }
}
