// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.cache;

import dev.varve.core.memory.MemoryBudget;
import dev.varve.core.memory.MemoryPurpose;
import dev.varve.core.memory.OffHeap;
import dev.varve.core.memory.Region;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * In which frame a block is: an open hash table with linear probing, changed under the shard's lock,
 * read without. A slot is 0, or the upper half of a block's hash and, plus one, its frame.
 *
 * <p>A removal moves later slots forward, first copying, then clearing. So a reader may miss a block
 * that is being moved, or meet it twice, but never finds what was not there; and what it finds it
 * checks against the frame's own key.
 */
final class FrameIndex {
  private static final VarHandle SLOTS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final Region region;
  private final ByteBuffer buffer;
  private final int mask;

  /** An index of up to {@code maxFrames} frames. */
  FrameIndex(MemoryBudget budget, int maxFrames) {
    int slots = slots(maxFrames);
    this.region = OffHeap.allocate(budget, MemoryPurpose.BLOCK_CACHE, slots * Long.BYTES);
    this.buffer = region.buffer();
    this.mask = slots - 1;
  }

  /** Bytes that an index of {@code maxFrames} takes. */
  static long bytes(int maxFrames) {
    return (long) slots(maxFrames) * Long.BYTES;
  }

  private static int slots(int maxFrames) {
    return Integer.highestOneBit(Math.max(8, maxFrames + maxFrames / 2)) << 1;
  }

  /** The slot at which a search for {@code hash} begins. */
  int first(long hash) {
    return (int) hash & mask;
  }

  int next(int slot) {
    return slot + 1 & mask;
  }

  /** What stands in a slot; 0 ends a search. */
  long get(int slot) {
    return (long) SLOTS.getAcquire(buffer, slot << 3);
  }

  static boolean matches(long content, long hash) {
    return (content ^ hash) >>> 32 == 0;
  }

  static int frame(long content) {
    return (int) content - 1;
  }

  int slotCount() {
    return mask + 1;
  }

  void insert(long hash, int frame) {
    int slot = first(hash);
    while (get(slot) != 0) {
      slot = next(slot);
    }
    set(slot, hash & 0xffff_ffff_0000_0000L | frame + 1);
  }

  /** Removes the slot of {@code frame}; {@code hashOf} says the hash of the block in any frame. */
  void remove(long hash, int frame, HashOfFrame hashOf) {
    int slot = first(hash);
    while (frame(get(slot)) != frame) {
      if (get(slot) == 0) {
        throw new AssertionError("a cached block is not in the index");
      }
      slot = next(slot);
    }
    int hole = slot;
    for (int i = next(hole); get(i) != 0; i = next(i)) {
      int home = first(hashOf.hash(frame(get(i))));
      if ((i - home & mask) >= (i - hole & mask)) {
        set(hole, get(i));
        hole = i;
      }
    }
    set(hole, 0);
  }

  /** The hash of the block that stands in a frame. */
  @FunctionalInterface
  interface HashOfFrame {
    /** For a frame that is in the index. */
    long hash(int frame);
  }

  private void set(int slot, long content) {
    SLOTS.setRelease(buffer, slot << 3, content);
  }

  void close() {
    region.close();
  }
}
