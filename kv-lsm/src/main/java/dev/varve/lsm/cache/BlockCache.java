// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.cache;

import dev.varve.core.memory.MemoryBudget;
import dev.varve.core.metrics.Metrics;
import dev.varve.lsm.key.Lookup;
import java.nio.ByteBuffer;

/**
 * The off-heap cache of decompressed blocks, shared by all tables of a database. Thread-safe. A hit
 * takes no lock and allocates nothing. Memory is taken in slabs as it is needed and counted against
 * the budget as {@code BLOCK_CACHE}; where the budget refuses, the cache makes do with what it has.
 *
 * <p>A block is used in these steps: {@link #pin} it; if it is not there, {@link #reserve} room, fill
 * it, {@link #publish} it (or {@link #abandon} the room); read it; {@link #unpin} it. A pinned block
 * stays where it is. When there is no room, because the capacity is 0 or everything is pinned, the
 * user has to hold the block by other means.
 *
 * <p>The owner closes it when nobody holds a pin.
 */
public final class BlockCache implements Lookup.Pin, AutoCloseable {
  private static final int MAX_SLAB_BYTES = 1 << 20;
  private static final int MIN_SLAB_BYTES = 64 << 10;
  private static final int SLABS_PER_SHARD = 8;
  private static final long MIN_SHARD_BYTES = 4L << 20;
  private static final int MAX_SHARDS = 64;
  private static final long ABSENT = -1;

  private final CacheShard[] shards;
  private final int slabBytes;
  private final CacheCounters counters = new CacheCounters();
  private volatile boolean closed;

  /** A cache of {@code capacityBytes} with all it needs; 0 for one that keeps nothing. */
  public BlockCache(MemoryBudget budget, long capacityBytes) {
    int count = shardCount(capacityBytes);
    this.shards = new CacheShard[count];
    this.slabBytes = slabBytes(capacityBytes / count);
    int maxSlabs = maxSlabs(capacityBytes);
    for (int i = 0; i < count; i++) {
      shards[i] = new CacheShard(budget, slabBytes, maxSlabs, counters);
    }
  }

  private static int shardCount(long capacityBytes) {
    int wanted =
        (int)
            Math.min(
                Math.min(MAX_SHARDS, 4L * Runtime.getRuntime().availableProcessors()),
                capacityBytes / MIN_SHARD_BYTES);
    return Math.max(1, Integer.highestOneBit(wanted));
  }

  /** The size of slabs of which some whole number, with the index over them, fills a shard. */
  private static int slabBytes(long shardBytes) {
    long wanted = Math.max(MIN_SLAB_BYTES, Math.min(MAX_SLAB_BYTES, shardBytes / SLABS_PER_SHARD));
    int count = (int) Math.min(Integer.MAX_VALUE >>> 10, Math.max(1, shardBytes / wanted));
    long index = FrameIndex.bytes(count * (Slab.units(wanted) + 1));
    return (int) Math.max(MIN_SLAB_BYTES, Math.min(MAX_SLAB_BYTES, (shardBytes - index) / count));
  }

  /** Slabs of each shard, so that they and the index over them fit into the capacity. */
  private int maxSlabs(long capacityBytes) {
    long perShard = capacityBytes / shards.length;
    int slabs = (int) Math.min(Integer.MAX_VALUE >>> 10, perShard / slabBytes);
    int units = Slab.units(slabBytes);
    while (slabs > 0 && (long) slabs * slabBytes + FrameIndex.bytes(slabs * units) > perShard) {
      slabs--;
    }
    return slabs;
  }

  /** Shows what it counts. */
  public void register(Metrics metrics) {
    metrics.gauge("cache.misses", counters.misses::value);
    metrics.gauge("cache.evictions", counters.evictions::value);
    metrics.gauge("cache.rejections", counters.rejections::value);
    metrics.gauge("cache.usedBytes", this::usedBytes);
  }

  /** Pins a block if it is there; else -1. */
  public long pin(long key) {
    long hash = hash(key);
    int shard = shard(hash);
    int frame = shards[shard].pin(key, hash);
    return frame < 0 ? ABSENT : (long) shard << 32 | frame;
  }

  /**
   * Takes room for the block {@code key}, pinned and not to be found yet.
   *
   * @return what to fill, or -1 if there is no room
   */
  public long reserve(long key, int bytes) {
    counters.misses.increment();
    int shard = shard(hash(key));
    int frame = closed ? -1 : shards[shard].reserve(bytes);
    if (frame < 0) {
      counters.rejections.increment();
      return ABSENT;
    }
    return (long) shard << 32 | frame;
  }

  /**
   * Lets a block be found that was reserved for {@code key} and filled.
   *
   * @return the block to use, pinned: this one, or another thread's that was faster
   */
  public long publish(long block, long key) {
    return block & 0xffff_ffff_0000_0000L | shardOf(block).publish((int) block, key, hash(key));
  }

  /** Gives back what was reserved. */
  public void abandon(long block) {
    shardOf(block).abandon((int) block);
  }

  /** Ends a pin. */
  @Override
  public void unpin(long block) {
    if (!closed) {
      shardOf(block).unpin((int) block);
    }
  }

  /** Holds a pinned or reserved block. */
  public ByteBuffer buffer(long block) {
    return shardOf(block).slab((int) block).buffer();
  }

  /** Where it begins in {@link #buffer}. */
  public int offset(long block) {
    return shardOf(block).slab((int) block).offset(CacheShard.unit((int) block));
  }

  /**
   * Changes the capacity. Memory that is in use when it shrinks is kept; call again to get it back.
   * Slabs keep the size that they had, so that the least capacity is some of them.
   */
  public void resize(long capacityBytes) {
    int maxSlabs = maxSlabs(capacityBytes);
    for (CacheShard shard : shards) {
      shard.resize(maxSlabs);
    }
  }

  /** Memory taken, of the capacity. */
  public long usedBytes() {
    long bytes = 0;
    for (CacheShard shard : shards) {
      bytes += shard.usedBytes();
    }
    return bytes;
  }

  /** Frees the memory. Idempotent. */
  @Override
  public void close() {
    closed = true;
    for (CacheShard shard : shards) {
      shard.close();
    }
  }

  /** Spreads a key over 64 bits: the lower ones choose a slot, the upper ones shard and tag. */
  static long hash(long key) {
    long hash = (key ^ key >>> 32) * 0x9E37_79B9_7F4A_7C15L;
    hash = (hash ^ hash >>> 29) * 0xBF58_476D_1CE4_E5B9L;
    return hash ^ hash >>> 32;
  }

  private int shard(long hash) {
    return (int) (hash >>> 58) & shards.length - 1;
  }

  private CacheShard shardOf(long block) {
    return shards[(int) (block >>> 32)];
  }
}
