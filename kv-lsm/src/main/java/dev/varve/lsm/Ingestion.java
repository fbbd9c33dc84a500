// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.core.store.CommitGuard;
import dev.varve.core.store.SortedOperations;
import dev.varve.lsm.compaction.RunWriter;
import dev.varve.lsm.compaction.TombstoneFragments;
import dev.varve.lsm.key.Trailer;
import dev.varve.lsm.snapshot.ReadPoints;
import dev.varve.lsm.version.FileMeta;
import dev.varve.lsm.version.StorageErrors;
import dev.varve.lsm.version.TableFile;
import dev.varve.lsm.version.UncertainManifestException;
import dev.varve.lsm.version.VersionEdit;
import dev.varve.lsm.version.VersionSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A commit of sorted operations as tables. They are written before the commit has its timestamp, with
 * timestamp 0, and dated by the manifest: the one edit that adds them makes the commit durable and
 * visible, all at once.
 */
final class Ingestion {
  private static final ReadPoints NOBODY = new ReadPoints(Trailer.MAX_TIMESTAMP, new long[0]);

  private static final int CHECK_MASK = 0xfff;

  private final Engine engine;
  private final VersionSet versions;
  private final List<Long> written = new ArrayList<>();

  Ingestion(Engine engine) {
    this.engine = engine;
    this.versions = engine.versions();
  }

  long run(SortedOperations operations, @Nullable CommitGuard guard) {
    engine.checkOpen();
    boolean installed = false;
    try {
      Undated undated = write(operations);
      long timestamp = engine.commits().commitExternally(guard, at -> install(undated, at));
      installed = true;
      return timestamp;
    } catch (IOException e) {
      if (e instanceof UncertainManifestException) {
        engine.commits().refuseFrom(e); // The next opening may find the commit, or not.
      }
      throw StorageErrors.of(
          e, "The tables of a large commit could not be written.", engine.maker().directory());
    } finally {
      if (!installed) {
        versions.discard(written);
        engine.reclaimSoon();
      }
    }
  }

  private void install(Undated undated, long timestamp) {
    List<TableFile> opened = new ArrayList<>();
    boolean done = false;
    try {
      VersionEdit edit = new VersionEdit();
      add(edit, undated.ranges, timestamp, opened);
      add(edit, undated.points, timestamp, opened);
      if (!opened.isEmpty()) {
        engine.install(edit);
      }
      done = true;
    } catch (IOException e) {
      throw StorageErrors.of(
          e, "The tables of a large commit could not be added.", engine.maker().directory());
    } finally {
      if (!done) {
        opened.forEach(TableFile::close);
      }
    }
  }

  private void add(VersionEdit edit, List<FileMeta> tables, long timestamp, List<TableFile> opened)
      throws IOException {
    long run = versions.newRunNumber();
    for (FileMeta each : tables) {
      TableFile table = engine.maker().open(each.dated(timestamp));
      opened.add(table);
      edit.add(0, run, table);
    }
  }

  /** Points as one run, and range deletes as another, older one: they do not hide the points. */
  private record Undated(List<FileMeta> points, List<FileMeta> ranges) {}

  private Undated write(SortedOperations operations) throws IOException {
    TombstoneFragments.Builder ranges = new TombstoneFragments.Builder(NOBODY);
    SortedWalk walk = new SortedWalk(operations, ranges);
    TombstoneFragments none =
        new TombstoneFragments.Builder(NOBODY).build(TombstoneFragments.Bottom.NOWHERE);
    List<FileMeta> points = new ArrayList<>();
    try (RunWriter writer = writer(none)) {
      try {
        long count = 0;
        for (walk.seekToFirst(); walk.isValid(); walk.next()) {
          writer.add(walk, walk.array(), walk.keyBytes(), true, 0);
          if ((++count & CHECK_MASK) == 0) {
            engine.checkOpen();
          }
        }
        writer.finish().forEach(table -> points.add(table.meta()));
      } finally {
        forget(writer);
      }
    }
    List<FileMeta> removed = new ArrayList<>();
    try (RunWriter writer = writer(ranges.build(TombstoneFragments.Bottom.NOWHERE))) {
      try {
        writer.finish().forEach(table -> removed.add(table.meta()));
      } finally {
        forget(writer);
      }
    }
    return new Undated(points, removed);
  }

  private RunWriter writer(TombstoneFragments tombstones) {
    RunWriter.Cuts cuts = new RunWriter.Cuts(engine.options().fileBytes(), true, null);
    return new RunWriter(engine.maker(), versions::newFileNumber, tombstones, cuts, 0);
  }

  private void forget(RunWriter writer) {
    written.addAll(writer.written());
    writer.finished().forEach(TableFile::close);
  }
}
