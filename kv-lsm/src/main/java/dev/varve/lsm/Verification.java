// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.ErrorCode;
import dev.varve.Progress;
import dev.varve.VarveException;
import dev.varve.core.codec.Bytes;
import dev.varve.core.codec.KeyspacePrefix;
import dev.varve.lsm.compaction.TableMaker;
import dev.varve.lsm.iterator.VersionIterator;
import dev.varve.lsm.key.Trailer;
import dev.varve.lsm.memtable.MemTable;
import dev.varve.lsm.snapshot.ReadView;
import dev.varve.lsm.table.TableProperties;
import dev.varve.lsm.table.TableVerifier;
import dev.varve.lsm.version.FileMeta;
import dev.varve.lsm.version.FileNames;
import dev.varve.lsm.version.Manifest;
import dev.varve.lsm.version.SortedRun;
import dev.varve.lsm.version.TableFile;
import dev.varve.lsm.version.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads everything in a view and holds it against what it should be: the manifest on disk can be
 * read; runs are in order and, below level 0, of one keyspace each table; every version of every
 * table is in order, within the table's bounds and times, and found by its filter, with good checksums
 * on the way; memtables are in order.
 */
final class Verification {
  private static final int PROGRESS_MASK = 0x3ff;
  private static final int MAX_PROBLEMS = 1_000;

  private final TableMaker maker;
  private final ReadView view;
  private final Progress progress;
  private final Runnable checkOpen;
  private final List<String> problems = new ArrayList<>();

  private long doneBytes;
  private byte[] key = new byte[64];
  private int keyBytes;

  Verification(TableMaker maker, ReadView view, Progress progress, Runnable checkOpen) {
    this.maker = maker;
    this.view = view;
    this.progress = progress;
    this.checkOpen = checkOpen;
  }

  /** What is wrong, one sentence each; at most {@link #MAX_PROBLEMS}. */
  List<String> run() throws IOException {
    checkFiles();
    Version version = view.version();
    for (SortedRun run : version.level0()) {
      checkRun(run, 0);
    }
    for (int level = 1; level < Version.LEVELS; level++) {
      checkRun(version.level(level), level);
    }
    for (MemTable each : view.memTables()) {
      checkMemTable(each);
    }
    progress.at(version.bytes(), version.bytes());
    return problems;
  }

  private void checkFiles() throws IOException {
    try {
      Manifest.readIdentity(maker.files(), maker.directory());
      Manifest.read(maker.files(), maker.directory());
    } catch (VarveException damaged) {
      report(damaged);
    }
  }

  private void report(VarveException problem) {
    if (problem.code() != ErrorCode.CORRUPTION) {
      throw problem;
    }
    if (problems.size() < MAX_PROBLEMS) {
      problems.add(problem.getMessage());
    }
  }

  private void checkRun(SortedRun run, int level) {
    for (int i = 0; i < run.size(); i++) {
      TableFile file = run.file(i);
      FileMeta meta = file.meta();
      int before = problems.size();
      try {
        if (i > 0) {
          checkNeighbours(run.file(i - 1).meta(), meta, level);
        }
        checkProperties(file);
        if (level > 0) {
          checkKeyspace(meta);
        }
        TableVerifier.verify(file.reader(), this::report);
        if (problems.size() == before) {
          checkTable(file);
        }
      } catch (VarveException damaged) {
        report(damaged);
      }
      doneBytes += meta.fileBytes();
      progress.at(doneBytes, view.version().bytes());
    }
  }

  private void checkNeighbours(FileMeta before, FileMeta after, int level) {
    int order = Arrays.compareUnsigned(before.largest(), after.smallest());
    boolean touching = order == 0 || startsWith(before.largest(), after.smallest());
    if (order > 0 && !touching) {
      throw damaged("Two tables of a run overlap.", after)
          .fact("level", level)
          .fact("other", FileNames.table(before.number()))
          .fact("otherEndsWith", before.largest())
          .fact("startsWith", after.smallest())
          .build();
    }
  }

  /** Whether a bound is the key itself with a zero byte: the piece of a range tombstone at a key. */
  private static boolean startsWith(byte[] bound, byte[] key) {
    return bound.length == key.length + 1
        && bound[key.length] == 0
        && Arrays.equals(bound, 0, key.length, key, 0, key.length);
  }

  private void checkProperties(TableFile file) {
    TableProperties found = file.reader().properties();
    FileMeta meta = file.meta();
    if (found.entries() != meta.entries()
        || found.deletes() != meta.deletes()
        || found.rangeTombstones() != meta.rangeDeletes()
        || found.fileBytes() != meta.fileBytes()
        || !Arrays.equals(found.smallestKey(), meta.smallest())
        || !Arrays.equals(found.largestKey(), meta.largest())) {
      throw damaged("A table is not the one that the manifest describes.", meta)
          .fact("entries", found.entries())
          .fact("entriesExpected", meta.entries())
          .fact("fileBytes", found.fileBytes())
          .fact("fileBytesExpected", meta.fileBytes())
          .build();
    }
  }

  private void checkKeyspace(FileMeta meta) {
    byte[] smallest = meta.smallest();
    byte[] largest = meta.largest();
    if (meta.rangeDeletes() > 0 || smallest.length == 0) {
      return;
    }
    int bytes = Math.min(smallest.length, KeyspacePrefix.lengthFrom(smallest[0]));
    if (largest.length < bytes || !Arrays.equals(smallest, 0, bytes, largest, 0, bytes)) {
      throw damaged("A table spans two keyspaces.", meta)
          .fact("smallest", smallest)
          .fact("largest", largest)
          .build();
    }
  }

  /** What the table itself cannot know: the bounds and times that the manifest gives it. */
  private void checkTable(TableFile file) {
    FileMeta meta = file.meta();
    long entries = 0;
    try (VersionIterator versions = file.reader().scanIterator()) {
      for (versions.seekToFirst(); versions.isValid(); versions.next()) {
        long timestamp = Trailer.timestamp(versions.trailer());
        if (timestamp < meta.minTimestamp() || timestamp > meta.maxTimestamp()) {
          throw damaged("A version is outside of its table's times.", meta)
              .fact("timestamp", timestamp)
              .build();
        }
        if ((entries++ & PROGRESS_MASK) == 0) {
          checkOpen.run();
          if (!meta.mayHold(copy(versions))) {
            throw damaged("A key is outside of its table's bounds.", meta)
                .fact("key", copy(versions))
                .build();
          }
        }
      }
    }
  }

  private void checkMemTable(MemTable memTable) {
    keyBytes = -1;
    long trailer = Trailer.FIRST;
    try (VersionIterator versions = memTable.iterator()) {
      for (versions.seekToFirst(); versions.isValid(); versions.next()) {
        int order =
            keyBytes < 0
                ? 1
                : Bytes.compare(
                    versions.keyBuffer(),
                    versions.keyOffset(),
                    versions.keyBytes(),
                    key,
                    0,
                    keyBytes);
        if (order < 0 || order == 0 && versions.trailer() >= trailer) {
          report(
              ErrorCode.CORRUPTION
                  .error("Versions of a memtable are out of order.")
                  .fact("memTable", memTable.number())
                  .fact("key", copy(versions))
                  .build());
        }
        rememberKey(versions);
        trailer = versions.trailer();
      }
    }
    checkOpen.run();
  }

  private void rememberKey(VersionIterator at) {
    keyBytes = at.keyBytes();
    if (key.length < keyBytes) {
      key = new byte[Math.max(keyBytes, 2 * key.length)];
    }
    at.keyBuffer().get(at.keyOffset(), key, 0, keyBytes);
  }

  private static byte[] copy(VersionIterator at) {
    byte[] copy = new byte[at.keyBytes()];
    at.keyBuffer().get(at.keyOffset(), copy);
    return copy;
  }

  private VarveException.Builder damaged(String sentence, FileMeta meta) {
    Path file = maker.directory().resolve(FileNames.table(meta.number()));
    return ErrorCode.CORRUPTION
        .error(sentence)
        .fact("file", file)
        .hint("Restore a backup, or salvage what can be read.");
  }
}
