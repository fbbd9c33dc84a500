// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.memtable;

import dev.varve.lsm.key.RangeTombstones;
import dev.varve.lsm.memtable.FragmentedTombstones.Tombstone;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The range tombstones of a memtable as readers see them. The truth is in the arena; this is a view
 * of it, replaced as a whole: a fragmented part, and up to {@link #MAX_RECENT} later ones that are
 * looked at one by one, so that an addition seldom costs a fragmentation.
 */
final class MemTableTombstones implements RangeTombstones {
  private static final int MAX_RECENT = 32;

  private record View(FragmentedTombstones older, Tombstone[] recent) {}

  private final ReentrantLock adding = new ReentrantLock();
  private volatile @Nullable View view;

  /** Adds one. It must be in the arena, and its timestamp must not be visible yet. */
  void add(Tombstone tombstone) {
    adding.lock();
    try {
      View now = view;
      Tombstone[] recent = now == null ? new Tombstone[0] : now.recent;
      FragmentedTombstones older = now == null ? FragmentedTombstones.EMPTY : now.older;
      recent = Arrays.copyOf(recent, recent.length + 1);
      recent[recent.length - 1] = tombstone;
      if (recent.length > MAX_RECENT + older.count() / MAX_RECENT) {
        Tombstone[] all = Arrays.copyOf(recent, recent.length + older.count());
        for (int i = 0; i < older.count(); i++) {
          all[recent.length + i] = older.tombstone(i);
        }
        older = new FragmentedTombstones(all);
        recent = new Tombstone[0];
      }
      view = new View(older, recent);
    } finally {
      adding.unlock();
    }
  }

  @Override
  public boolean isEmpty() {
    return view == null;
  }

  int count() {
    View now = view;
    return now == null ? 0 : now.older.count() + now.recent.length;
  }

  @Override
  public long newestCovering(byte[] key, int offset, int bytes, long readTimestamp) {
    return newest(key, null, offset, bytes, readTimestamp);
  }

  @Override
  public long newestCovering(ByteBuffer key, int offset, int bytes, long readTimestamp) {
    return newest(null, key, offset, bytes, readTimestamp);
  }

  private long newest(
      byte @Nullable [] array,
      @Nullable ByteBuffer buffer,
      int offset,
      int bytes,
      long readTimestamp) {
    View now = view;
    if (now == null) {
      return 0;
    }
    long newest = now.older.newestCovering(array, buffer, offset, bytes, readTimestamp);
    for (Tombstone tombstone : now.recent) {
      if (tombstone.timestamp() > newest
          && tombstone.timestamp() <= readTimestamp
          && FragmentedTombstones.covers(tombstone, array, buffer, offset, bytes)) {
        newest = tombstone.timestamp();
      }
    }
    return newest;
  }

  @Override
  public void forEach(Visitor visitor) {
    View now = view;
    if (now == null) {
      return;
    }
    for (int i = 0; i < now.older.count(); i++) {
      hand(now.older.tombstone(i), visitor);
    }
    for (Tombstone tombstone : now.recent) {
      hand(tombstone, visitor);
    }
  }

  private static void hand(Tombstone tombstone, Visitor visitor) {
    visitor.tombstone(tombstone.from().clone(), tombstone.to().clone(), tombstone.timestamp());
  }
}
