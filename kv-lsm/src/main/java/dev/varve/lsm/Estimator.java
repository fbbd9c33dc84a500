// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.KeyRange;
import dev.varve.core.codec.Bytes;
import dev.varve.core.store.RangeEstimate;
import dev.varve.lsm.iterator.VersionIterator;
import dev.varve.lsm.key.Trailer;
import dev.varve.lsm.memtable.MemTable;
import dev.varve.lsm.snapshot.ReadView;
import dev.varve.lsm.version.FileMeta;
import dev.varve.lsm.version.SortedRun;
import dev.varve.lsm.version.Version;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * About how much a range holds: whole tables by what the manifest says, tables cut by the range by
 * their indexes, memtables by walking a bounded number of versions. Versions of a key in several
 * places count several times.
 */
final class Estimator {
  private static final int MAX_STEPS = 1_000;

  private Estimator() {}

  static RangeEstimate estimate(ReadView view, KeyRange range) {
    byte[] from = range.from() == null ? new byte[0] : range.from();
    byte[] to = range.to();
    long entries = 0;
    long bytes = 0;
    for (MemTable each : view.memTables()) {
      RangeEstimate part = inMemory(each, from, to);
      entries += part.entries();
      bytes += part.bytes();
    }
    for (SortedRun run : view.version().runs()) {
      for (int i = run.find(from, 0, from.length); i < run.size(); i++) {
        FileMeta meta = run.file(i).meta();
        if (!Version.touches(meta, range)) {
          break;
        }
        if (isInside(meta, from, to)) {
          entries += meta.entries() - Math.min(meta.entries(), 2 * meta.deletes());
          bytes += meta.rawBytes();
        } else {
          RangeEstimate part = run.file(i).reader().estimate(from, to);
          entries += part.entries();
          bytes += part.bytes();
        }
      }
    }
    return new RangeEstimate(entries, bytes);
  }

  private static boolean isInside(FileMeta meta, byte[] from, byte @Nullable [] to) {
    return Arrays.compareUnsigned(from, meta.smallest()) <= 0
        && (to == null || meta.endsBefore(to));
  }

  private static RangeEstimate inMemory(MemTable memTable, byte[] from, byte @Nullable [] to) {
    long all = memTable.entries();
    if (all == 0) {
      return new RangeEstimate(0, 0);
    }
    long entries = 0;
    long bytes = 0;
    int steps = 0;
    try (VersionIterator versions = memTable.iterator()) {
      versions.seek(from, 0, from.length, Trailer.FIRST);
      while (versions.isValid() && steps < MAX_STEPS && isBefore(versions, to)) {
        boolean put = Trailer.kind(versions.trailer()) == Trailer.PUT;
        entries += put ? 1 : 0;
        bytes += put ? versions.keyBytes() + versions.valueBytes() : 0;
        steps++;
        versions.next();
      }
      if (steps == MAX_STEPS && versions.isValid() && isBefore(versions, to)) {
        long guess = Math.max(entries, to == null ? all - memTable.deletes() : all / 2);
        return new RangeEstimate(guess, guess * (bytes / Math.max(1, entries)));
      }
    }
    return new RangeEstimate(entries, bytes);
  }

  private static boolean isBefore(VersionIterator at, byte @Nullable [] to) {
    return to == null
        || Bytes.compare(at.keyBuffer(), at.keyOffset(), at.keyBytes(), to, 0, to.length) < 0;
  }
}
