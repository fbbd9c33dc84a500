// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.compaction;

import dev.varve.lsm.event.CompactionEvent;
import dev.varve.lsm.snapshot.Pins;
import dev.varve.lsm.snapshot.ReadPoints;
import dev.varve.lsm.snapshot.ReadView;
import dev.varve.lsm.snapshot.Views;
import dev.varve.lsm.version.TableFile;
import dev.varve.lsm.version.Version;
import dev.varve.lsm.version.VersionEdit;
import dev.varve.lsm.version.VersionSet;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Picks plans and carries them out, on as many threads as call it; plans at work have no table in
 * common. Thread-safe. No lock is held while a plan is carried out.
 */
public final class Compactor {
  /** What a compactor needs to know of the rest of the store. */
  public interface Surroundings {
    /** Every commit up to this timestamp is visible. */
    long visibleTimestamp();

    /** Whether the store has had little to do lately. */
    boolean isIdle();
  }

  /** Hears of every plan carried out. */
  public interface Listener {
    /** A plan is done. */
    void compacted(CompactionPlan plan, long outputBytes, long nanos);
  }

  private final VersionSet versions;
  private final Views views;
  private final Pins pins;
  private final CompactionPicker picker;
  private final TableMaker maker;
  private final long tableBytes;
  private final Surroundings store;
  private final VersionSieve.Pace pace;
  private final Listener listener;

  private final ReentrantLock picking = new ReentrantLock();
  private final Condition finished = picking.newCondition();
  private final Set<Long> busy = new HashSet<>();
  private int running;
  private int exclusive;

  /** A compactor of {@code versions}. */
  public Compactor(
      VersionSet versions,
      Views views,
      Pins pins,
      CompactionPicker picker,
      TableMaker maker,
      long tableBytes,
      Surroundings store,
      VersionSieve.Pace pace,
      Listener listener) {
    this.versions = versions;
    this.views = views;
    this.pins = pins;
    this.picker = picker;
    this.maker = maker;
    this.tableBytes = tableBytes;
    this.store = store;
    this.pace = pace;
    this.listener = listener;
  }

  /** A plan, and what it was made for. */
  private record Assignment(CompactionPlan plan, Version version, ReadPoints points) {}

  /** Carries out the plan that is due most, if any is; whether there may be another. */
  public boolean run() throws IOException {
    Assignment next = assign();
    if (next == null) {
      return false;
    }
    try {
      carryOut(next, pace);
    } finally {
      finish(next);
    }
    return true;
  }

  /** How many bytes wait to be merged; for back-pressure. */
  public long debtBytes() {
    return picker.debtBytes(versions.peek());
  }

  /**
   * Merges everything committed before the call down to its last level, on the calling thread, while
   * nothing else is compacted.
   *
   * @param through versions of level 0 that are newer than this stay
   * @param advance told of bytes read; throws to end the work
   */
  public void runAll(long through, VersionSieve.Pace advance) throws IOException {
    beginExclusive();
    try {
      while (true) {
        Assignment next = assignManual(through);
        if (next == null) {
          return;
        }
        try {
          carryOut(next, advance);
        } finally {
          finish(next);
        }
      }
    } finally {
      endExclusive();
    }
  }

  /**
   * Version and memtables are taken from one view: a run of level 0 may only go down if everything in
   * memory is newer, and a flush that ended in between would hide that something is older.
   */
  private @Nullable Assignment assign() {
    picking.lock();
    Views.Lease lease = views.lease();
    try {
      if (exclusive > 0) {
        return null;
      }
      Version version = lease.view().version();
      long before = olderThanMemory(lease.view());
      ReadPoints points = pins.peek(store::visibleTimestamp);
      CompactionPlan plan = picker.pick(version, situation(points, before));
      if (plan != null && plan.kind() != CompactionPlan.Kind.MOVE) {
        points = pins.collapse(store::visibleTimestamp);
        plan = picker.pick(version, situation(points, before));
      }
      return take(plan, version, points);
    } finally {
      views.endLease(lease.view(), lease.token());
      picking.unlock();
    }
  }

  private @Nullable Assignment assignManual(long through) {
    picking.lock();
    Views.Lease lease = views.lease();
    try {
      Version version = lease.view().version();
      ReadPoints points = pins.collapse(store::visibleTimestamp);
      long before = Math.min(olderThanMemory(lease.view()), through + 1);
      return take(picker.pickManual(version, situation(points, before)), version, points);
    } finally {
      views.endLease(lease.view(), lease.token());
      picking.unlock();
    }
  }

  /** Runs of level 0 before this timestamp are older than everything in memory. */
  private static long olderThanMemory(ReadView view) {
    int oldest = view.memTables().length - 1;
    return view.runsBefore(oldest) == 0
        ? Long.MAX_VALUE
        : view.memTables()[oldest].lastTimestamp() + 1;
  }

  private CompactionPicker.Situation situation(ReadPoints points, long unflushedFrom) {
    return new CompactionPicker.Situation(
        points, unflushedFrom, busy, store.isIdle(), System.currentTimeMillis());
  }

  private @Nullable Assignment take(
      @Nullable CompactionPlan plan, Version version, ReadPoints points) {
    if (plan == null) {
      return null;
    }
    versions.retain(version);
    for (TableFile each : plan.inputs()) {
      busy.add(each.meta().number());
    }
    running++;
    return new Assignment(plan, version, points);
  }

  private void finish(Assignment done) {
    picking.lock();
    try {
      for (TableFile each : done.plan.inputs()) {
        busy.remove(each.meta().number());
      }
      running--;
      finished.signalAll();
    } finally {
      picking.unlock();
    }
    versions.release(done.version);
  }

  private void beginExclusive() {
    picking.lock();
    try {
      exclusive++;
      while (running > 0) {
        finished.awaitUninterruptibly();
      }
    } finally {
      picking.unlock();
    }
  }

  private void endExclusive() {
    picking.lock();
    try {
      exclusive--;
    } finally {
      picking.unlock();
    }
  }

  private void carryOut(Assignment work, VersionSieve.Pace advance) throws IOException {
    CompactionEvent event = new CompactionEvent();
    event.begin();
    long start = System.nanoTime();
    CompactionPlan plan = work.plan;
    CompactionJob job =
        new CompactionJob(
            plan, work.version, work.points, maker, versions::newFileNumber, tableBytes, advance);
    boolean installed = false;
    try {
      VersionEdit edit = job.run();
      versions.apply(edit, version -> views.install(version, List.of()));
      installed = true;
    } finally {
      if (!installed) {
        job.abandon();
        versions.discard(job.written());
      }
    }
    listener.compacted(plan, job.writtenBytes(), System.nanoTime() - start);
    event.kind = plan.kind().name();
    event.reason = plan.reason().name();
    event.inputLevel = plan.inputLevel();
    event.outputLevel = plan.outputLevel();
    event.inputBytes = plan.inputBytes();
    event.outputBytes = job.writtenBytes();
    event.commit();
  }
}
