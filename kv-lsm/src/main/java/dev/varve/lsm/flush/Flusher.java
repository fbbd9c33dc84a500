// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.flush;

import dev.varve.lsm.compaction.TableMaker;
import dev.varve.lsm.compaction.VersionSieve;
import dev.varve.lsm.event.FlushEvent;
import dev.varve.lsm.memtable.MemTable;
import dev.varve.lsm.snapshot.Pins;
import dev.varve.lsm.snapshot.ReadView;
import dev.varve.lsm.snapshot.Views;
import dev.varve.lsm.version.Version;
import dev.varve.lsm.version.VersionEdit;
import dev.varve.lsm.version.VersionSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Flushes memtables that nobody writes any more, oldest first. One thread. */
public final class Flusher {
  /** What a flusher needs of the commit path, and tells it. */
  public interface Commits {
    /** Returns when every commit up to a timestamp is visible. */
    void awaitVisible(long timestamp);

    /** Every commit that stands in the log before a position is in tables. */
    void flushed(long logStart);
  }

  /** Hears of every flush. */
  public interface Listener {
    /** A flush is done. */
    void flushed(long inputBytes, long outputBytes, long nanos);
  }

  private final VersionSet versions;
  private final Views views;
  private final Pins pins;
  private final LongSupplier visible;
  private final TableMaker maker;
  private final Commits commits;
  private final VersionSieve.Pace pace;
  private final Listener listener;

  private volatile long doneBytes;
  private volatile long totalBytes;

  /** A flusher of the memtables in {@code views}. */
  public Flusher(
      VersionSet versions,
      Views views,
      Pins pins,
      LongSupplier visible,
      TableMaker maker,
      Commits commits,
      VersionSieve.Pace pace,
      Listener listener) {
    this.versions = versions;
    this.views = views;
    this.pins = pins;
    this.visible = visible;
    this.maker = maker;
    this.commits = commits;
    this.pace = pace;
    this.listener = listener;
  }

  /** How much of the memtables that wait, or are being written, is left to write: 0 to 1 and more. */
  public long bytesLeft() {
    long waiting = 0;
    MemTable[] memTables = views.current().memTables();
    for (int i = 1; i < memTables.length; i++) {
      waiting += memTables[i].approximateBytes();
    }
    return Math.max(0, waiting - Math.min(doneBytes, totalBytes));
  }

  /** Flushes the oldest memtables, if any wait; whether more may. */
  public boolean run() throws IOException {
    Views.Lease lease = views.lease();
    try {
      List<MemTable> oldest = oldest(lease.view());
      if (oldest.isEmpty()) {
        return false;
      }
      flush(lease.view(), oldest);
      return true;
    } finally {
      doneBytes = 0;
      totalBytes = 0;
      views.endLease(lease.view(), lease.token());
    }
  }

  /** The oldest memtables between which no ingested run lies, oldest first. */
  private static List<MemTable> oldest(ReadView view) {
    MemTable[] memTables = view.memTables();
    List<MemTable> oldest = new ArrayList<>();
    int last = memTables.length - 1;
    for (int i = last; i > 0 && view.runsBefore(i) == view.runsBefore(last); i--) {
      oldest.add(memTables[i]);
    }
    return oldest;
  }

  private void flush(ReadView view, List<MemTable> memTables) throws IOException {
    FlushEvent event = new FlushEvent();
    event.begin();
    long start = System.nanoTime();
    long inputBytes = 0;
    for (MemTable each : memTables) {
      inputBytes += each.approximateBytes();
    }
    totalBytes = inputBytes;
    commits.awaitVisible(memTables.get(memTables.size() - 1).lastTimestamp());
    Version version = versions.acquire();
    FlushJob job =
        new FlushJob(
            memTables,
            version,
            pins.collapse(visible),
            maker,
            versions::newFileNumber,
            versions.newRunNumber(),
            this::advanced);
    long logStart = view.memTables()[view.memTables().length - 1 - memTables.size()].logStart();
    boolean installed = false;
    try {
      VersionEdit edit = job.run().logStart(logStart);
      versions.apply(edit, after -> views.install(after, memTables));
      installed = true;
    } finally {
      versions.release(version);
      if (!installed) {
        job.abandon();
        versions.discard(job.written());
      }
    }
    commits.flushed(logStart);
    listener.flushed(inputBytes, job.writtenBytes(), System.nanoTime() - start);
    event.memTables = memTables.size();
    event.inputBytes = inputBytes;
    event.outputBytes = job.writtenBytes();
    event.commit();
  }

  private void advanced(long bytes) {
    doneBytes += bytes;
    pace.advanced(bytes);
  }
}
