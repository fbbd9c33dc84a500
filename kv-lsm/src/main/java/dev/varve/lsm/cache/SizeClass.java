// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.cache;

/**
 * All frames of one size, and which of them to evict: S3-FIFO. A block enters a small queue; when it
 * reaches the head of that without a hit it goes and leaves a ghost, else it moves to the main queue,
 * where every hit buys it a further round, up to three. A block that comes back while its ghost is
 * remembered enters the main queue at once. So a scan passes through the small queue and leaves the
 * main one alone. Under the shard's lock.
 *
 * <p>Source: Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023.
 */
final class SizeClass {
  /** The small queue holds one frame in so many. */
  private static final int SMALL_SHARE = 10;

  /** After looking at so many frames, hits no longer protect: eviction takes bounded time. */
  private static final int MAX_PROTECTED = 64;

  /** After so many more frames that are all pinned, there is no room. */
  private static final int MAX_PINNED = 256;

  private static final int NONE = -1;

  private final CacheShard shard;
  private final int units;
  private final FrameQueue small;
  private final FrameQueue main;
  private int free = NONE;
  private int slabs;
  private int evictions;

  SizeClass(CacheShard shard, int units) {
    this.shard = shard;
    this.units = units;
    this.small = new FrameQueue(shard);
    this.main = new FrameQueue(shard);
  }

  /** Units of each frame. */
  int units() {
    return units;
  }

  /** Slabs cut into such frames. */
  int slabs() {
    return slabs;
  }

  /** Evictions since the last {@link #age}; says how much this size is in demand. */
  int evictions() {
    return evictions;
  }

  void age() {
    evictions >>>= 1;
  }

  /** A frame that was free, or -1. */
  int takeFree() {
    int frame = free;
    if (frame != NONE) {
      free = shard.slab(frame).next(CacheShard.unit(frame));
    }
    return frame;
  }

  void free(int frame) {
    shard.slab(frame).setNext(CacheShard.unit(frame), free);
    free = frame;
  }

  /** Cuts a slab into frames. */
  void cut(Slab slab, int firstFrame) {
    slabs++;
    slab.owner(this);
    for (int unit = slab.units() / units * units - units; unit >= 0; unit -= units) {
      free(firstFrame + unit);
    }
  }

  /** Takes a frame into the queues that holds a block now. */
  void admit(int frame, boolean knownBefore) {
    (knownBefore ? main : small).add(frame);
  }

  /** Evicts a block; returns its frame, or -1 when all are in use. */
  int evict() {
    int most = Math.min(MAX_PROTECTED + MAX_PINNED, small.count() + main.count() << 2);
    for (int i = 0; i < most; i++) {
      boolean fromSmall =
          small.count() > 0
              && (main.count() == 0 || small.count() * SMALL_SHARE >= small.count() + main.count());
      int frame = (fromSmall ? small : main).poll();
      Slab slab = shard.slab(frame);
      int unit = CacheShard.unit(frame);
      long state = slab.state(unit);
      boolean keep = (state & Slab.HITS) != 0 && i < MAX_PROTECTED;
      if (!keep && (state & Slab.PINS) == 0 && slab.changeState(unit, state, 0)) {
        shard.forget(frame, fromSmall);
        evictions++;
        return frame;
      }
      if (keep) {
        slab.addToState(unit, fromSmall ? -(state & Slab.HITS) : -Slab.HIT);
      }
      main.add(frame);
    }
    return NONE;
  }

  /**
   * Gives a slab up if no block in it is in use, evicting what it holds.
   *
   * @return whether it did; if not, the blocks that were not in use may be gone all the same
   */
  boolean release(Slab slab, int firstFrame) {
    for (int unit = 0; unit + units <= slab.units(); unit += units) {
      if ((slab.state(unit) & Slab.PINS) != 0) {
        return false;
      }
    }
    boolean whole = true;
    for (int unit = 0; unit + units <= slab.units(); unit += units) {
      long state = slab.state(unit);
      if (state != 0) {
        if ((state & Slab.PINS) == 0 && slab.changeState(unit, state, 0)) {
          shard.forget(firstFrame + unit, false);
        } else {
          whole = false;
        }
      }
    }
    small.removeInvalid();
    main.removeInvalid();
    rebuildFree(slab, firstFrame, whole);
    if (whole) {
      slabs--;
    }
    return whole;
  }

  private void rebuildFree(Slab slab, int firstFrame, boolean without) {
    int kept = NONE;
    for (int frame = takeFree(); frame != NONE; frame = takeFree()) {
      if (shard.slab(frame) != slab) {
        shard.slab(frame).setNext(CacheShard.unit(frame), kept);
        kept = frame;
      }
    }
    free = kept;
    for (int unit = 0; !without && unit + units <= slab.units(); unit += units) {
      if (slab.state(unit) == 0) {
        free(firstFrame + unit);
      }
    }
  }
}
