// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.key;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where a point lookup leaves what it found: the trailer and where the value stands. Reused from
 * lookup to lookup by one thread. What the value stands in may be pinned until {@link #release}.
 */
public final class Lookup {
  private long trailer;
  private @Nullable ByteBuffer value;
  private int valueOffset;
  private int valueBytes;
  private @Nullable Pin pin;
  private long pinned;

  /** Keeps the memory of a value from being reused. */
  public interface Pin {
    /** Ends it; {@code what} is what was given to {@link Lookup#found}. */
    void unpin(long what);
  }

  /** Nothing found yet. */
  public Lookup() {}

  /** Records what was found, in memory that needs no pin of its own. */
  public void found(long trailer, ByteBuffer value, int valueOffset, int valueBytes) {
    this.trailer = trailer;
    this.value = value;
    this.valueOffset = valueOffset;
    this.valueBytes = valueBytes;
  }

  /** Records what was found, in memory that {@code pin} keeps until {@link #release}. */
  public void found(
      long trailer, ByteBuffer value, int valueOffset, int valueBytes, Pin pin, long what) {
    found(trailer, value, valueOffset, valueBytes);
    this.pin = pin;
    this.pinned = what;
  }

  /** Ends the pin, if there is one, and forgets the value. */
  public void release() {
    value = null;
    if (pin != null) {
      Pin ended = pin;
      pin = null;
      ended.unpin(pinned);
    }
  }

  /** Timestamp and kind of what was found. */
  public long trailer() {
    return trailer;
  }

  /** What the value stands in; null after release. */
  public @Nullable ByteBuffer value() {
    return value;
  }

  public int valueOffset() {
    return valueOffset;
  }

  public int valueBytes() {
    return valueBytes;
  }
}
