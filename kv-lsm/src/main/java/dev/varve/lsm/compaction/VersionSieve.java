// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.compaction;

import dev.varve.core.codec.Bytes;
import dev.varve.lsm.iterator.VersionIterator;
import dev.varve.lsm.key.Trailer;
import dev.varve.lsm.snapshot.ReadPoints;
import dev.varve.lsm.version.SortedRun;
import java.io.IOException;

/**
 * Lets through, of versions that come in order, those that somebody may still see.
 *
 * <p>A version goes if a newer one of its key, or a range tombstone that covers it, lies in the same
 * stripe of the read points. A delete goes as well if it lies in the oldest stripe and no level below
 * can hold its key: then nothing is left that it could hide.
 */
public final class VersionSieve {
  private static final int CANCEL_STEP = 1 << 12;

  /** Says whether anything that a tombstone could hide may lie below. Asked with ascending keys. */
  public interface Below {
    /** Whether any of {@code runs} may hold a key. */
    static Below of(SortedRun[] runs) {
      return new LevelsBelow(runs);
    }

    /** Whether a level below may hold the key. */
    boolean mayHold(byte[] key, int keyBytes);
  }

  /** Told now and then how far the work has come; throws to end it. */
  @FunctionalInterface
  public interface Pace {
    /** {@code bytes} more were read. */
    void advanced(long bytes);
  }

  private final ReadPoints points;
  private final TombstoneFragments tombstones;
  private final Below below;
  private final Pace pace;

  private byte[] key = new byte[64];
  private int keyBytes = -1;

  /** A sieve for readers at {@code points}. */
  public VersionSieve(ReadPoints points, TombstoneFragments tombstones, Below below, Pace pace) {
    this.points = points;
    this.tombstones = tombstones;
    this.below = below;
    this.pace = pace;
  }

  /**
   * Passes on the versions of {@code from}, which stands on the first, up to a key.
   *
   * @param end the first key not to pass on, or null for all
   */
  public void run(
      VersionIterator from, byte @org.jspecify.annotations.Nullable [] end, RunWriter to)
      throws IOException {
    long lastStripe = -1;
    long newerTimestamp = 0;
    boolean firstOut = true;
    int steps = 0;
    long bytes = 0;
    long oldest = points.oldest();
    while (from.isValid()) {
      boolean newKey = !isKey(from);
      if (newKey) {
        if (end != null
            && Bytes.compare(
                    from.keyBuffer(), from.keyOffset(), from.keyBytes(), end, 0, end.length)
                >= 0) {
          break;
        }
        rememberKey(from);
        lastStripe = -1;
        newerTimestamp = 0;
        firstOut = true;
      }
      long timestamp = Trailer.timestamp(from.trailer());
      long stripe = points.stripe(timestamp);
      if (stripe != lastStripe) {
        boolean delete = Trailer.kind(from.trailer()) == Trailer.DELETE;
        boolean nothingBelow = delete && !below.mayHold(key, keyBytes);
        boolean hidden = !tombstones.isEmpty() && tombstones.hides(key, keyBytes, timestamp) > 0;
        if (!hidden && !(nothingBelow && timestamp <= oldest)) {
          long garbageAt = newerTimestamp > 0 ? newerTimestamp : nothingBelow ? timestamp : 0;
          to.add(from, key, keyBytes, firstOut, garbageAt);
          firstOut = false;
        }
      }
      lastStripe = stripe;
      newerTimestamp = timestamp;
      bytes += from.keyBytes() + from.valueBytes();
      if (++steps == CANCEL_STEP) {
        pace.advanced(bytes);
        steps = 0;
        bytes = 0;
      }
      from.next();
    }
    pace.advanced(bytes);
  }

  private boolean isKey(VersionIterator at) {
    return at.keyBytes() == keyBytes
        && Bytes.compare(at.keyBuffer(), at.keyOffset(), at.keyBytes(), key, 0, keyBytes) == 0;
  }

  private void rememberKey(VersionIterator at) {
    int bytes = at.keyBytes();
    if (key.length < bytes) {
      key = new byte[Math.max(bytes, 2 * key.length)];
    }
    at.keyBuffer().get(at.keyOffset(), key, 0, bytes);
    keyBytes = bytes;
  }
}
