// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.compaction;

import dev.varve.lsm.snapshot.ReadPoints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Range tombstones cut where any of them begins or ends, so that the pieces do not overlap; each piece
 * has, of every stripe of the read points, the newest tombstone. Asked with ascending keys. One
 * thread.
 */
public final class TombstoneFragments {
  /** A piece, its upper bound exclusive, and its tombstones, newest first. */
  record Fragment(byte[] from, byte[] to, long[] timestamps) {}

  private final ReadPoints points;
  private final List<Fragment> fragments;
  private final List<Fragment> kept;
  private int at;

  private TombstoneFragments(ReadPoints points, List<Fragment> fragments, Bottom bottom) {
    this.points = points;
    this.fragments = fragments;
    this.kept = new ArrayList<>(fragments.size());
    for (Fragment each : fragments) {
      long[] timestamps = each.timestamps;
      int last = timestamps.length - 1;
      if (timestamps[last] <= points.oldest() && bottom.at(each.from, each.to)) {
        timestamps = Arrays.copyOf(timestamps, last);
      }
      if (timestamps.length > 0) {
        kept.add(new Fragment(each.from, each.to, timestamps));
      }
    }
  }

  /** Says where nothing lies below. */
  @FunctionalInterface
  public interface Bottom {
    /** Nowhere. */
    Bottom NOWHERE = (from, to) -> false;

    /** Whether no level below has a key in the range. */
    boolean at(byte[] from, byte[] to);
  }

  /** Collects tombstones. */
  public static final class Builder {
    private final ReadPoints points;
    private final TreeMap<byte[], List<long[]>> changes = new TreeMap<>(Arrays::compareUnsigned);

    /** None so far. */
    public Builder(ReadPoints points) {
      this.points = points;
    }

    /** Adds the part of a tombstone that lies within the bounds; null is no bound. */
    public void add(
        byte[] from, byte[] to, long timestamp, byte @Nullable [] least, byte @Nullable [] most) {
      byte[] low = least != null && Arrays.compareUnsigned(from, least) < 0 ? least : from;
      byte[] high = most != null && Arrays.compareUnsigned(to, most) > 0 ? most : to;
      if (Arrays.compareUnsigned(low, high) < 0) {
        changes.computeIfAbsent(low, key -> new ArrayList<>(1)).add(new long[] {timestamp, 1});
        changes.computeIfAbsent(high, key -> new ArrayList<>(1)).add(new long[] {timestamp, -1});
      }
    }

    /** The pieces, without those that nobody needs once the versions under them are gone. */
    public TombstoneFragments build(Bottom bottom) {
      List<Fragment> fragments = new ArrayList<>();
      TreeMap<Long, Long> active = new TreeMap<>();
      byte[] from = null;
      for (Map.Entry<byte[], List<long[]>> change : changes.entrySet()) {
        if (from != null && !active.isEmpty()) {
          append(fragments, from, change.getKey(), newestOfEachStripe(active));
        }
        for (long[] each : change.getValue()) {
          active.merge(each[0], each[1], Builder::sumOrNothing);
        }
        from = change.getKey();
      }
      return new TombstoneFragments(points, fragments, bottom);
    }

    private static @Nullable Long sumOrNothing(Long a, Long b) {
      return a + b == 0 ? null : Long.valueOf(a + b);
    }

    private static void append(
        List<Fragment> fragments, byte[] from, byte[] to, long[] timestamps) {
      int last = fragments.size() - 1;
      if (last >= 0
          && Arrays.equals(fragments.get(last).to, from)
          && Arrays.equals(fragments.get(last).timestamps, timestamps)) {
        fragments.set(last, new Fragment(fragments.get(last).from, to, timestamps));
      } else {
        fragments.add(new Fragment(from, to, timestamps));
      }
    }

    private long[] newestOfEachStripe(TreeMap<Long, Long> active) {
      List<Long> kept = new ArrayList<>();
      long stripe = -1;
      for (Iterator<Long> it = active.descendingKeySet().iterator(); it.hasNext(); ) {
        long timestamp = it.next();
        if (points.stripe(timestamp) != stripe) {
          stripe = points.stripe(timestamp);
          kept.add(timestamp);
        }
      }
      return kept.stream().mapToLong(Long::longValue).toArray();
    }
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return fragments.isEmpty();
  }

  /** Those to be written. */
  List<Fragment> kept() {
    return kept;
  }

  /**
   * The timestamp of a tombstone that covers the key and hides, from everyone who may still read, a
   * version of the stripe with this timestamp; 0 when there is none. Keys must not descend.
   */
  long hides(byte[] key, int keyBytes, long timestamp) {
    while (at < fragments.size() && compare(fragments.get(at).to, key, keyBytes) <= 0) {
      at++;
    }
    if (at == fragments.size() || compare(fragments.get(at).from, key, keyBytes) > 0) {
      return 0;
    }
    long stripe = points.stripe(timestamp);
    for (long each : fragments.get(at).timestamps) {
      if (each <= timestamp) {
        return 0;
      }
      if (points.stripe(each) == stripe) {
        return each;
      }
    }
    return 0;
  }

  private static int compare(byte[] bound, byte[] key, int keyBytes) {
    return Arrays.compareUnsigned(bound, 0, bound.length, key, 0, keyBytes);
  }
}
