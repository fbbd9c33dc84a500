// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.memory;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/** A region that the collector frees some time after it is closed: all there is before Java 22. */
final class CollectedRegion implements Region {
  private final ByteBuffer buffer;
  private final Reclaimer.Entry entry;
  private final Runnable onClose;
  private final AtomicBoolean closed = new AtomicBoolean();

  CollectedRegion(ByteBuffer buffer, Runnable onClose) {
    this.buffer = buffer;
    this.entry = Reclaimer.SHARED.opened(buffer);
    this.onClose = onClose;
  }

  static Region allocate(int sizeBytes, Runnable onClose) {
    return new CollectedRegion(DirectMemory.allocate(sizeBytes), onClose);
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
      entry.closed();
      onClose.run();
    }
  }
}
