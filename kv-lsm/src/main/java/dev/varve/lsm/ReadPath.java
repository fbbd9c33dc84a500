// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.KeyRange;
import dev.varve.lsm.filter.KeyHash;
import dev.varve.lsm.iterator.CursorLease;
import dev.varve.lsm.iterator.MergingIterator;
import dev.varve.lsm.iterator.StoreCursor;
import dev.varve.lsm.iterator.VersionIterator;
import dev.varve.lsm.key.Lookup;
import dev.varve.lsm.key.RangeTombstones;
import dev.varve.lsm.key.Trailer;
import dev.varve.lsm.memtable.MemTable;
import dev.varve.lsm.snapshot.ReadView;
import dev.varve.lsm.table.TableReader;
import dev.varve.lsm.version.RunIterator;
import dev.varve.lsm.version.SortedRun;
import dev.varve.lsm.version.TableFile;
import dev.varve.lsm.version.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a read goes through a view, newest source first. A source that has a version the read may see,
 * or a range tombstone that covers the key, ends the search: whatever older sources have is older.
 */
final class ReadPath {
  private static final int MISSED = 0;
  private static final int FOUND = 1;
  private static final int HIDDEN = 2;
  private static final byte[] LEAST_KEY = {};

  private ReadPath() {}

  /** Finds the value of a key; when true, it is in {@code lookup}, which the caller releases. */
  static boolean find(
      ReadView view, byte[] key, int offset, int bytes, long timestamp, Lookup lookup) {
    MemTable[] memTables = view.memTables();
    SortedRun[] runs = view.version().runs();
    int run = 0;
    for (int i = 0; i < memTables.length; i++) {
      if (view.runsBefore(i) > run) {
        int end = view.runsBefore(i);
        int result = findInRuns(runs, run, end, key, offset, bytes, timestamp, lookup);
        if (result != MISSED) {
          return result == FOUND;
        }
        run = end;
      }
      MemTable memTable = memTables[i];
      RangeTombstones tombstones = memTable.rangeTombstones();
      long covered =
          tombstones.isEmpty() ? 0 : tombstones.newestCovering(key, offset, bytes, timestamp);
      if (memTable.find(key, offset, bytes, timestamp, lookup)) {
        return isValue(lookup, covered);
      }
      if (covered > 0) {
        return false;
      }
    }
    return findInRuns(runs, run, runs.length, key, offset, bytes, timestamp, lookup) == FOUND;
  }

  private static int findInRuns(
      SortedRun[] runs,
      int first,
      int end,
      byte[] key,
      int offset,
      int bytes,
      long timestamp,
      Lookup lookup) {
    if (first == end) {
      return MISSED;
    }
    long hash = KeyHash.of(key, offset, bytes);
    for (int i = first; i < end; i++) {
      int result = findInRun(runs[i], key, offset, bytes, hash, timestamp, lookup);
      if (result != MISSED) {
        return result;
      }
    }
    return MISSED;
  }

  private static int findInRun(
      SortedRun run, byte[] key, int offset, int bytes, long hash, long timestamp, Lookup lookup) {
    int at = run.find(key, offset, bytes);
    long covered = 0;
    while (at < run.size() && !run.startsAfter(at, key, offset, bytes)) {
      TableReader table = run.file(at).reader();
      if (run.hasRangeDeletes() && !table.rangeTombstones().isEmpty()) {
        covered =
            Math.max(
                covered, table.rangeTombstones().newestCovering(key, offset, bytes, timestamp));
      }
      if (table.find(key, offset, bytes, hash, timestamp, lookup)) {
        return isValue(lookup, covered) ? FOUND : HIDDEN;
      }
      if (++at == run.size() || !run.continues(at)) {
        break;
      }
    }
    return covered > 0 ? HIDDEN : MISSED;
  }

  private static boolean isValue(Lookup lookup, long covered) {
    long trailer = lookup.trailer();
    if (Trailer.kind(trailer) == Trailer.PUT && Trailer.timestamp(trailer) >= covered) {
      return true;
    }
    lookup.release();
    return false;
  }

  /** Whether the key has a version, or a range tombstone over it, within the times. */
  static boolean changed(
      ReadView view, byte[] key, int offset, int bytes, long after, long before, Lookup lookup) {
    long latest = before - 1;
    for (MemTable each : view.memTables()) {
      if (each.isEmpty() || each.maxTimestamp() <= after) {
        continue;
      }
      if (each.rangeTombstones().newestCovering(key, offset, bytes, latest) > after) {
        return true;
      }
      if (each.find(key, offset, bytes, latest, lookup)) {
        long timestamp = Trailer.timestamp(lookup.trailer());
        lookup.release();
        if (timestamp > after) {
          return true;
        }
      }
    }
    long hash = 0;
    boolean hashed = false;
    for (SortedRun run : view.version().runs()) {
      if (run.maxTimestamp() <= after) {
        continue;
      }
      if (!hashed) {
        hash = KeyHash.of(key, offset, bytes);
        hashed = true;
      }
      if (changedInRun(run, key, offset, bytes, hash, after, before)) {
        return true;
      }
    }
    return false;
  }

  private static boolean changedInRun(
      SortedRun run, byte[] key, int offset, int bytes, long hash, long after, long before) {
    int at = run.find(key, offset, bytes);
    while (at < run.size() && !run.startsAfter(at, key, offset, bytes)) {
      TableFile file = run.file(at);
      if (file.meta().maxTimestamp() > after) {
        TableReader table = file.reader();
        if (table.rangeTombstones().newestCovering(key, offset, bytes, before - 1) > after
            || table.changed(key, offset, bytes, hash, after, before)) {
          return true;
        }
      }
      if (++at == run.size() || !run.continues(at)) {
        break;
      }
    }
    return false;
  }

  /** Whether anything in the range has a version or range tombstone within the times. */
  static boolean changed(ReadView view, KeyRange range, long after, long before) {
    byte[] from = range.from() == null ? LEAST_KEY : range.from();
    byte[] to = range.to();
    for (MemTable each : view.memTables()) {
      if (!each.isEmpty()
          && each.maxTimestamp() > after
          && (touches(each.rangeTombstones(), from, to, after, before)
              || changed(each, from, to, after, before))) {
        return true;
      }
    }
    for (SortedRun run : view.version().runs()) {
      if (run.maxTimestamp() > after && changedInRun(run, range, from, to, after, before)) {
        return true;
      }
    }
    return false;
  }

  private static boolean changed(
      MemTable memTable, byte[] from, byte @Nullable [] to, long after, long before) {
    try (VersionIterator versions = memTable.iterator()) {
      versions.seek(from, 0, from.length, Trailer.FIRST);
      while (versions.isValid() && !isAtOrAfter(versions, to)) {
        long timestamp = Trailer.timestamp(versions.trailer());
        if (timestamp > after && timestamp < before) {
          return true;
        }
        versions.next();
      }
      return false;
    }
  }

  private static boolean isAtOrAfter(VersionIterator versions, byte @Nullable [] to) {
    return to != null
        && dev.varve.core.codec.Bytes.compare(
                versions.keyBuffer(), versions.keyOffset(), versions.keyBytes(), to, 0, to.length)
            >= 0;
  }

  private static boolean changedInRun(
      SortedRun run, KeyRange range, byte[] from, byte @Nullable [] to, long after, long before) {
    for (int i = run.find(from, 0, from.length); i < run.size(); i++) {
      TableFile file = run.file(i);
      if (!Version.touches(file.meta(), range)) {
        break;
      }
      if (file.meta().maxTimestamp() > after
          && (touches(file.reader().rangeTombstones(), from, to, after, before)
              || file.reader().changed(from, to, after, before))) {
        return true;
      }
    }
    return false;
  }

  private static boolean touches(
      RangeTombstones tombstones, byte[] from, byte @Nullable [] to, long after, long before) {
    if (tombstones.isEmpty()) {
      return false;
    }
    boolean[] found = new boolean[1];
    tombstones.forEach(
        (low, high, timestamp) ->
            found[0] |=
                timestamp > after
                    && timestamp < before
                    && Arrays.compareUnsigned(from, high) < 0
                    && (to == null || Arrays.compareUnsigned(low, to) < 0));
    return found[0];
  }

  /** A cursor over the range; owns {@code lease} once this returns. */
  static StoreCursor scan(ReadView view, KeyRange range, long timestamp, CursorLease lease) {
    List<VersionIterator> sources = new ArrayList<>();
    List<RangeTombstones> tombstones = new ArrayList<>();
    boolean unique = false;
    for (MemTable each : view.memTables()) {
      if (!each.isEmpty()) {
        sources.add(each.iterator());
        if (!each.rangeTombstones().isEmpty()) {
          tombstones.add(each.rangeTombstones());
        }
      }
    }
    byte[] from = range.from() == null ? LEAST_KEY : range.from();
    for (SortedRun run : view.version().runs()) {
      int first = run.find(from, 0, from.length);
      if (first == run.size() || !Version.touches(run.file(first).meta(), range)) {
        continue;
      }
      if (run.hasRangeDeletes()) {
        addTombstones(run, first, range, tombstones);
      }
      if (run.minTimestamp() <= timestamp) {
        unique = run.isUnique();
        sources.add(new RunIterator(run, true));
      }
    }
    VersionIterator source =
        sources.size() == 1
            ? sources.get(0)
            : new MergingIterator(sources.toArray(new VersionIterator[0]));
    return new StoreCursor(
        source,
        sources.size() == 1 && unique,
        tombstones.toArray(new RangeTombstones[0]),
        range,
        timestamp,
        lease);
  }

  private static void addTombstones(
      SortedRun run, int first, KeyRange range, List<RangeTombstones> tombstones) {
    for (int i = first; i < run.size() && Version.touches(run.file(i).meta(), range); i++) {
      if (run.file(i).meta().rangeDeletes() > 0) {
        tombstones.add(run.file(i).reader().rangeTombstones());
      }
    }
  }
}
