// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.cache;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.core.memory.MemoryBudget;
import dev.varve.core.memory.MemoryPurpose;
import dev.varve.core.memory.OffHeap;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A part of the cache with a lock of its own. Goal: a hit takes no lock and allocates nothing, and no
 * block is overwritten while somebody reads it.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>I1: a frame with a pin keeps its block. Whoever evicts changes the state from (valid, no
 *       pins) to 0 in one atomic step; whoever pins changes it from valid to valid with one pin more
 *       in one atomic step. One of them fails.
 *   <li>I2: a reader that has pinned a frame checks the key after that, since the frame may have
 *       changed hands between finding and pinning it. From then on it cannot.
 *   <li>I3: key, links and place in the index change only under the lock, the key only while the
 *       frame is not valid.
 *   <li>I4: a header is at the same place as long as its slab lives ({@link Slab}), so that a step of
 *       I1 through an outdated reference never touches a block's bytes.
 *   <li>I5: a slab is freed only when none of its frames is pinned. Where freeing takes effect at
 *       once (Java 22), a reader on its way to a frame then gets an exception from the buffer, and
 *       takes it for a miss.
 * </ol>
 *
 * Decompression goes on without the lock, into a frame that is pinned and not valid yet.
 */
final class CacheShard {
  /** Sizes of frames in units; waste is at most a third. */
  private static final int[] CLASS_UNITS = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64};

  /** How many slabs of another size are looked at for one that can be taken over. */
  private static final int MAX_CANDIDATES = 8;

  /** Evictions between two attempts to get memory that was refused. */
  private static final int REFUSED_FOR = 256;

  private static final int NONE = -1;

  private final ReentrantLock lock = new ReentrantLock();
  private final MemoryBudget budget;
  private final int slabBytes;
  private final int unitsPerSlab;
  private final SizeClass[] classes = new SizeClass[CLASS_UNITS.length];
  private final CacheCounters counters;

  private volatile @Nullable Slab[] slabs = {};
  private volatile @Nullable FrameIndex index;
  private GhostTable ghosts = new GhostTable(1);
  private int maxSlabs;
  private int indexedSlabs;
  private int liveSlabs;
  private int refusals;

  CacheShard(MemoryBudget budget, int slabBytes, int maxSlabs, CacheCounters counters) {
    this.budget = budget;
    this.slabBytes = slabBytes;
    this.unitsPerSlab = Slab.units(slabBytes);
    this.maxSlabs = maxSlabs;
    this.counters = counters;
    Arrays.setAll(classes, i -> new SizeClass(this, CLASS_UNITS[i]));
  }

  /** The slab of a frame, which is there. */
  Slab slab(int frame) {
    Slab slab = slabs[frame >>> Slab.MAX_UNITS_BITS];
    assert slab != null : "a frame outlived its slab";
    return slab;
  }

  /** The unit of its slab that a frame begins with. */
  static int unit(int frame) {
    return frame & (1 << Slab.MAX_UNITS_BITS) - 1;
  }

  /** Pins the frame in which a block is; -1 if it is in none. */
  int pin(long key, long hash) {
    FrameIndex where = index;
    if (where == null) {
      return NONE;
    }
    try {
      int slot = where.first(hash);
      for (int i = where.slotCount(); i > 0; i--) {
        long content = where.get(slot);
        if (content == 0) {
          return NONE;
        }
        if (FrameIndex.matches(content, hash) && tryPin(FrameIndex.frame(content), key)) {
          return FrameIndex.frame(content);
        }
        slot = where.next(slot);
      }
      return NONE;
    } catch (IllegalStateException freedUnderUs) {
      return NONE;
    }
  }

  private boolean tryPin(int frame, long key) {
    @Nullable Slab[] all = slabs;
    int number = frame >>> Slab.MAX_UNITS_BITS;
    Slab slab = number < all.length ? all[number] : null;
    if (slab == null) {
      return false;
    }
    int unit = unit(frame);
    slab.fetch(unit);
    long state = slab.state(unit);
    while ((state & Slab.VALID) != 0 && slab.key(unit) == key) {
      long pinned = state + Slab.PIN + ((state & Slab.HITS) == Slab.HITS ? 0 : Slab.HIT);
      if (slab.changeState(unit, state, pinned)) {
        if (slab.key(unit) == key) {
          return true;
        }
        slab.addToState(unit, -Slab.PIN);
        return false;
      }
      state = slab.state(unit);
    }
    return false;
  }

  void unpin(int frame) {
    slab(frame).addToState(unit(frame), -Slab.PIN);
  }

  /** Takes a frame for a block of {@code bytes}, pinned and not to be found; -1 if there is none. */
  int reserve(int bytes) {
    int units = (bytes + Slab.UNIT_BYTES - 1) / Slab.UNIT_BYTES;
    SizeClass size = classFor(units);
    if (size == null) {
      return NONE;
    }
    lock.lock();
    try {
      int frame = take(size);
      if (frame != NONE) {
        slab(frame).setState(unit(frame), Slab.PIN);
      }
      return frame;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable SizeClass classFor(int units) {
    if (units > unitsPerSlab) {
      return null;
    }
    for (SizeClass size : classes) {
      if (size.units() >= units) {
        return size.units() <= unitsPerSlab ? size : null;
      }
    }
    return null;
  }

  private int take(SizeClass size) {
    int frame = size.takeFree();
    if (frame != NONE) {
      return frame;
    }
    if (addSlab(size)) {
      return size.takeFree();
    }
    if ((size.slabs() == 0 || size.evictions() >= unitsPerSlab / size.units())
        && takeOverSlab(size)) {
      return size.takeFree();
    }
    frame = size.evict();
    if (frame != NONE) {
      counters.evictions.increment();
    } else if (takeOverSlab(size)) {
      frame = size.takeFree();
    }
    return frame;
  }

  private boolean addSlab(SizeClass size) {
    if (liveSlabs >= maxSlabs || refusals > 0 && refusals-- > 0) {
      return false;
    }
    try {
      growIndex();
      Slab slab = new Slab(OffHeap.allocate(budget, MemoryPurpose.BLOCK_CACHE, slabBytes), size);
      int number = 0;
      while (number < slabs.length && slabs[number] != null) {
        number++;
      }
      @Nullable Slab[] more = Arrays.copyOf(slabs, Math.max(slabs.length, number + 1));
      more[number] = slab;
      slabs = more;
      liveSlabs++;
      size.cut(slab, number << Slab.MAX_UNITS_BITS);
      return true;
    } catch (VarveException e) {
      if (e.code() != ErrorCode.OUT_OF_MEMORY) {
        throw e;
      }
      refusals = REFUSED_FOR;
      return false;
    }
  }

  /** Makes the index large enough for all slabs there may be. */
  private void growIndex() {
    if (indexedSlabs >= maxSlabs) {
      return;
    }
    FrameIndex old = index;
    FrameIndex grown = new FrameIndex(budget, Math.multiplyExact(maxSlabs, unitsPerSlab));
    if (old != null) {
      for (int i = 0; i < old.slotCount(); i++) {
        if (old.get(i) != 0) {
          int frame = FrameIndex.frame(old.get(i));
          grown.insert(hashOf(frame), frame);
        }
      }
    }
    ghosts = new GhostTable(maxSlabs * unitsPerSlab);
    indexedSlabs = maxSlabs;
    index = grown;
    if (old != null) {
      old.close();
    }
  }

  /** Takes a slab from the size that has most and needs it less than this one does. */
  private boolean takeOverSlab(SizeClass size) {
    SizeClass donor = null;
    for (SizeClass other : classes) {
      boolean canSpare =
          other != size
              && other.slabs() > 0
              && (size.slabs() == 0 || other.evictions() * 2 < size.evictions());
      if (canSpare && (donor == null || other.slabs() > donor.slabs())) {
        donor = other;
      }
    }
    for (SizeClass each : classes) {
      each.age();
    }
    int from = donor == null ? NONE : releaseSlab(donor);
    if (from == NONE) {
      return false;
    }
    size.cut(slab(from), from);
    return true;
  }

  /** Empties a slab of a size; returns its first frame, or -1 if all that were tried are in use. */
  private int releaseSlab(SizeClass size) {
    int candidates = 0;
    for (int number = 0; number < slabs.length && candidates < MAX_CANDIDATES; number++) {
      Slab slab = slabs[number];
      if (slab != null && slab.owner() == size) {
        candidates++;
        int first = number << Slab.MAX_UNITS_BITS;
        if (size.release(slab, first)) {
          return first;
        }
      }
    }
    return NONE;
  }

  /** Takes an evicted block out of the index. */
  void forget(int frame, boolean leavesGhost) {
    long hash = hashOf(frame);
    index().remove(hash, frame, this::hashOf);
    if (leavesGhost) {
      ghosts.add(hash);
    }
  }

  private long hashOf(int frame) {
    return BlockCache.hash(slab(frame).key(unit(frame)));
  }

  private FrameIndex index() {
    FrameIndex current = index;
    assert current != null : "a frame without an index";
    return current;
  }

  /**
   * Lets the block in a reserved frame be found. If another thread was faster, that one's frame is
   * pinned and returned, and this one is free again.
   */
  int publish(int frame, long key, long hash) {
    lock.lock();
    try {
      int there = pin(key, hash);
      if (there != NONE) {
        giveBack(frame);
        return there;
      }
      Slab slab = slab(frame);
      slab.setKey(unit(frame), key);
      slab.setState(unit(frame), Slab.VALID | Slab.PIN);
      index().insert(hash, frame);
      slab.owner().admit(frame, ghosts.remove(hash));
      return frame;
    } finally {
      lock.unlock();
    }
  }

  /** Gives a reserved frame back. */
  void abandon(int frame) {
    lock.lock();
    try {
      giveBack(frame);
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(int frame) {
    Slab slab = slab(frame);
    slab.setState(unit(frame), 0);
    slab.owner().free(frame);
  }

  /** Sets how many slabs there may be, and frees those beyond as far as they are not in use. */
  void resize(int slabsAtMost) {
    lock.lock();
    try {
      maxSlabs = slabsAtMost;
      refusals = 0;
      for (int number = slabs.length - 1; number >= 0 && liveSlabs > maxSlabs; number--) {
        Slab slab = slabs[number];
        if (slab != null && slab.owner().release(slab, number << Slab.MAX_UNITS_BITS)) {
          @Nullable Slab[] fewer = slabs.clone();
          fewer[number] = null;
          slabs = fewer;
          liveSlabs--;
          slab.close();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  long usedBytes() {
    lock.lock();
    try {
      return (long) liveSlabs * slabBytes
          + (index == null ? 0 : FrameIndex.bytes(indexedSlabs * unitsPerSlab));
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      maxSlabs = 0;
      FrameIndex closing = index;
      @Nullable Slab[] all = slabs;
      index = null;
      if (closing != null) {
        closing.close();
      }
      for (Slab slab : all) {
        if (slab != null) {
          slab.close();
        }
      }
      liveSlabs = 0;
    } finally {
      lock.unlock();
    }
  }
}
