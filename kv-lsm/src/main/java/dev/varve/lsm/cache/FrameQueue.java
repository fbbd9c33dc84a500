// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.cache;

/** Frames first in, first out, linked through their headers. Under the shard's lock. */
final class FrameQueue {
  private static final int NONE = -1;

  private final CacheShard shard;
  private int head = NONE;
  private int tail = NONE;
  private int count;

  FrameQueue(CacheShard shard) {
    this.shard = shard;
  }

  int count() {
    return count;
  }

  void add(int frame) {
    shard.slab(frame).setNext(CacheShard.unit(frame), NONE);
    if (count++ == 0) {
      head = frame;
    } else {
      shard.slab(tail).setNext(CacheShard.unit(tail), frame);
    }
    tail = frame;
  }

  /** The first, which is there. */
  int poll() {
    int frame = head;
    head = shard.slab(frame).next(CacheShard.unit(frame));
    count--;
    return frame;
  }

  /** Takes out the frames that hold no block any more. */
  void removeInvalid() {
    for (int i = count; i > 0; i--) {
      int frame = poll();
      if ((shard.slab(frame).state(CacheShard.unit(frame)) & Slab.VALID) != 0) {
        add(frame);
      }
    }
  }
}
