// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.snapshot;

import dev.varve.lsm.memtable.MemTable;
import dev.varve.lsm.version.Version;
import dev.varve.lsm.version.VersionSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The current read view, and those before it that someone may still read. Thread-safe.
 *
 * <p>Invariants. R1: a view is loaded inside an epoch, and used inside it or under a lease taken
 * there. R2: a memtable is given back, and a version released, when the last view that contains it
 * was retired, a grace period has passed since, and its leases have ended.
 *
 * <p>The lock is held for moments and never during I/O; the commit path takes it to rotate.
 */
public final class Views {
  private final VersionSet versions;
  private final Consumer<MemTable> giveBack;
  private final Runnable reclaimSoon;
  private final Epochs epochs = new Epochs();
  private final ReentrantLock lock = new ReentrantLock();

  private final Map<MemTable, Integer> memTableUses = new IdentityHashMap<>();
  private final List<ReadView> retired = new ArrayList<>();
  private volatile ReadView current;

  /**
   * Begins with memtables, newest first, and the current version.
   *
   * @param giveBack receives memtables that nobody reads any more, on the reclaiming thread
   * @param reclaimSoon called when {@link #reclaim} has something to do
   */
  public Views(
      VersionSet versions,
      MemTable[] memTables,
      Consumer<MemTable> giveBack,
      Runnable reclaimSoon) {
    this.versions = versions;
    this.giveBack = giveBack;
    this.reclaimSoon = reclaimSoon;
    Version version = versions.acquire();
    this.current = use(new ReadView(memTables, version));
  }

  /** Within which {@link #current} may be used. */
  public Epochs epochs() {
    return epochs;
  }

  /** The current view. */
  public ReadView current() {
    return current;
  }

  /** Puts a new memtable in front. */
  public void rotate(MemTable next) {
    lock.lock();
    try {
      MemTable[] before = current.memTables();
      MemTable[] after = new MemTable[before.length + 1];
      after[0] = next;
      System.arraycopy(before, 0, after, 1, before.length);
      Version version = current.version();
      versions.retain(version);
      replace(new ReadView(after, version));
    } finally {
      lock.unlock();
    }
  }

  /** Shows another version, without memtables that are part of it. */
  public void install(Version version, Collection<MemTable> flushed) {
    lock.lock();
    try {
      List<MemTable> left = new ArrayList<>();
      for (MemTable each : current.memTables()) {
        if (!flushed.contains(each)) {
          left.add(each);
        }
      }
      versions.retain(version);
      replace(new ReadView(left.toArray(new MemTable[0]), version));
    } finally {
      lock.unlock();
    }
  }

  /** Shows other memtables, newest first, and another version. */
  public void replace(MemTable[] memTables, Version version) {
    lock.lock();
    try {
      versions.retain(version);
      replace(new ReadView(memTables, version));
    } finally {
      lock.unlock();
    }
  }

  /** Leases the current view; ended by {@link #endLease} with the view and the token in it. */
  public Lease lease() {
    int epoch = epochs.enter();
    try {
      ReadView view = current;
      return new Lease(view, view.lease());
    } finally {
      epochs.leave(epoch);
    }
  }

  /** A view and the token of its lease. */
  public record Lease(ReadView view, int token) {}

  /** Ends a lease. */
  public void endLease(ReadView view, int token) {
    view.unlease(token);
    if (view.retired) {
      reclaimSoon.run();
    }
  }

  /** Gives back what nobody can read any more. Waits for readers inside epochs, not for leases. */
  public void reclaim() {
    List<ReadView> candidates;
    lock.lock();
    try {
      candidates = new ArrayList<>(retired);
    } finally {
      lock.unlock();
    }
    if (candidates.isEmpty()) {
      return;
    }
    epochs.awaitGrace();
    List<MemTable> free = new ArrayList<>();
    for (ReadView view : candidates) {
      if (!view.isLeased()) {
        lock.lock();
        try {
          retired.remove(view);
          endUse(view, free);
        } finally {
          lock.unlock();
        }
        versions.release(view.version());
      }
    }
    free.forEach(giveBack);
  }

  /** How many views are kept for readers besides the current one. */
  public int retiredCount() {
    lock.lock();
    try {
      return retired.size();
    } finally {
      lock.unlock();
    }
  }

  private void replace(ReadView next) {
    ReadView before = current;
    current = use(next);
    before.retired = true;
    retired.add(before);
    reclaimSoon.run();
  }

  private ReadView use(ReadView view) {
    for (MemTable each : view.memTables()) {
      memTableUses.merge(each, 1, Integer::sum);
    }
    return view;
  }

  private void endUse(ReadView view, List<MemTable> free) {
    for (MemTable each : view.memTables()) {
      if (memTableUses.merge(each, -1, Integer::sum) == 0) {
        memTableUses.remove(each);
        free.add(each);
      }
    }
  }
}
