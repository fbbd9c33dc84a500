// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.cache;

import dev.varve.core.memory.Region;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A piece of memory cut into units of {@value #UNIT_BYTES} bytes, each a page of the machine, so that
 * a block touches as few as it can. A frame is one or more of them and
 * named by its first. Every unit has a header, whether or not a frame begins there, so that headers
 * never move, however the slab is cut: a reader that follows an outdated reference finds a header,
 * not somebody's data.
 *
 * <pre>
 * header, 32 bytes
 * 0       8      state: bits 0-31 pins, bits 32-33 how often it was hit lately, 0 to 3,
 *                bit 40 valid: a block stands in the frame and may be found
 * 8       8      key of the block
 * 16      4      next frame in the list or queue in which it is; -1 at the end
 * 20      12     unused
 * </pre>
 */
final class Slab {
  static final int UNIT_BYTES = 4 << 10;
  static final int MAX_UNITS_BITS = 8;
  static final int HEADER_BYTES = 32;

  static final long PIN = 1;
  static final long PINS = 0xffff_ffffL;
  static final long HIT = 1L << 32;
  static final long HITS = 3L << 32;
  static final long VALID = 1L << 40;

  private static final int LINE_BYTES = 64;

  /** So that the compiler does not take what is read for unused; of no effect when it occurs. */
  private static final int UNLIKELY = 0x6e61_5a7c;

  private static final int KEY = 8;
  private static final int NEXT = 16;

  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle INTS =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private final Region region;
  private final ByteBuffer buffer;
  private final int headers;
  private final int payload;
  private final int units;

  /** To which size its frames belong; changed under the shard's lock. */
  private SizeClass owner;

  Slab(Region region, SizeClass owner) {
    this.region = region;
    this.buffer = region.buffer();
    this.units = units(buffer.capacity());
    this.payload = -buffer.alignmentOffset(0, UNIT_BYTES) & UNIT_BYTES - 1;
    this.headers = payload + units * UNIT_BYTES;
    this.owner = owner;
  }

  /** Units of a slab that takes {@code slabBytes} with everything. */
  static int units(long slabBytes) {
    return (int)
        Math.min(1 << MAX_UNITS_BITS, (slabBytes - UNIT_BYTES) / (UNIT_BYTES + HEADER_BYTES));
  }

  ByteBuffer buffer() {
    return buffer;
  }

  SizeClass owner() {
    return owner;
  }

  void owner(SizeClass next) {
    owner = next;
  }

  /** Where a frame's bytes begin. */
  int offset(int unit) {
    return payload + unit * UNIT_BYTES;
  }

  /**
   * Reads the first cache lines of a frame, so that they are on their way while its header is: the
   * atomic step of a pin makes what comes after it wait.
   */
  void fetch(int unit) {
    int at = offset(unit);
    int read =
        (int) INTS.get(buffer, at)
            ^ (int) INTS.get(buffer, at + LINE_BYTES)
            ^ (int) INTS.get(buffer, at + 2 * LINE_BYTES)
            ^ (int) INTS.get(buffer, at + 3 * LINE_BYTES);
    if (read == UNLIKELY) {
      Thread.onSpinWait();
    }
  }

  long state(int unit) {
    return (long) LONGS.getVolatile(buffer, header(unit));
  }

  boolean changeState(int unit, long from, long to) {
    return LONGS.compareAndSet(buffer, header(unit), from, to);
  }

  void addToState(int unit, long amount) {
    long ignored = (long) LONGS.getAndAdd(buffer, header(unit), amount);
    assert amount != -PIN || (ignored & PINS) > 0 : "unpinned more often than pinned";
  }

  void setState(int unit, long state) {
    LONGS.setVolatile(buffer, header(unit), state);
  }

  long key(int unit) {
    return (long) LONGS.getOpaque(buffer, header(unit) + KEY);
  }

  void setKey(int unit, long key) {
    LONGS.setOpaque(buffer, header(unit) + KEY, key);
  }

  int next(int unit) {
    return (int) INTS.get(buffer, header(unit) + NEXT);
  }

  void setNext(int unit, int frame) {
    INTS.set(buffer, header(unit) + NEXT, frame);
  }

  int units() {
    return units;
  }

  void close() {
    region.close();
  }

  private int header(int unit) {
    return headers + unit * HEADER_BYTES;
  }
}
