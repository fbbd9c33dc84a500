// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.Durability;
import dev.varve.ErrorCode;
import dev.varve.KeyRange;
import dev.varve.Progress;
import dev.varve.VarveException;
import dev.varve.core.file.FileSystem;
import dev.varve.core.memory.MemoryBudget;
import dev.varve.core.metrics.Metrics;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.CommitGuard;
import dev.varve.core.store.Operations;
import dev.varve.core.store.RangeEstimate;
import dev.varve.core.store.SortedOperations;
import dev.varve.core.store.VersionedStore;
import dev.varve.lsm.iterator.CursorLease;
import dev.varve.lsm.key.Lookup;
import dev.varve.lsm.snapshot.Epochs;
import dev.varve.lsm.snapshot.ReadView;
import dev.varve.lsm.snapshot.Views;
import dev.varve.lsm.version.StorageErrors;
import dev.varve.lsm.worker.StoppedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The storage engine: an ordered, versioned store in one directory. Thread-safe; the opener closes.
 *
 * <p>Closing waits for calls under way. Whatever is called afterwards, cursors included, throws {@code
 * CLOSED}.
 */
public final class LsmStore implements VersionedStore {
  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private final Backing backing;
  private final Views views;
  private final Epochs epochs;
  private final Path directory;

  private LsmStore(Backing backing, Path directory) {
    this.backing = backing;
    this.views = backing.views();
    this.epochs = views.epochs();
    this.directory = directory;
  }

  /** Opens the store in {@code directory} for reading and writing, created if so said and absent. */
  public static LsmStore open(FileSystem files, Path directory, LsmOptions options) {
    try {
      return new LsmStore(new Engine(files, directory, options), directory);
    } catch (IOException e) {
      throw StorageErrors.of(e, "The store could not be opened.", directory);
    }
  }

  /** Opens it for reading, beside a process that writes; see {@link #refresh}. */
  public static LsmStore openReadOnly(FileSystem files, Path directory, LsmOptions options) {
    try {
      return new LsmStore(new Follower(files, directory, options), directory);
    } catch (IOException e) {
      throw StorageErrors.of(e, "The store could not be opened for reading.", directory);
    }
  }

  /**
   * Makes a new store in {@code target} of what can still be read in a damaged one, with or without
   * its manifest; the damaged one is only read.
   */
  public static SalvageReport salvage(
      FileSystem files, Path damaged, Path target, LsmOptions options) {
    try {
      return new Salvage(files, damaged, target, options).run();
    } catch (IOException e) {
      throw StorageErrors.of(e, "The store could not be salvaged.", target);
    }
  }

  /** Moves a store opened for reading on to what has been written since. */
  public void refresh() {
    try {
      backing.refresh();
    } catch (IOException e) {
      throw StorageErrors.of(e, "The store could not be read again.", directory);
    }
  }

  @Override
  public long visibleTimestamp() {
    return backing.visibleTimestamp();
  }

  @Override
  public long lastTimestamp() {
    return backing.lastTimestamp() + 1;
  }

  @Override
  public long commit(Operations operations, Durability durability, @Nullable CommitGuard guard) {
    return backing.writer().commits().commit(operations, durability, guard);
  }

  @Override
  public long put(
      byte[] key,
      int keyOffset,
      int keyBytes,
      byte[] value,
      int valueOffset,
      int valueBytes,
      Durability durability) {
    return backing
        .writer()
        .commits()
        .put(key, keyOffset, keyBytes, value, valueOffset, valueBytes, durability);
  }

  @Override
  public long commitSorted(SortedOperations operations, @Nullable CommitGuard guard) {
    enter();
    try {
      return new Ingestion(backing.writer()).run(operations, guard);
    } finally {
      leave();
    }
  }

  @Override
  public void sync() {
    backing.writer().commits().sync();
  }

  @Override
  public byte @Nullable [] get(byte[] key, int keyOffset, int keyBytes, long readTimestamp) {
    Scratch scratch = SCRATCH.get();
    Lookup lookup = scratch.lookup;
    int epoch = epochs.enter(scratch.stripe);
    try {
      if (!find(key, keyOffset, keyBytes, readTimestamp, lookup)) {
        return null;
      }
      byte[] value = new byte[lookup.valueBytes()];
      valueOf(lookup).get(lookup.valueOffset(), value);
      return value;
    } finally {
      lookup.release();
      epochs.leave(epoch);
    }
  }

  @Override
  public int get(byte[] key, int keyOffset, int keyBytes, long readTimestamp, ByteBuffer value) {
    Scratch scratch = SCRATCH.get();
    Lookup lookup = scratch.lookup;
    int epoch = epochs.enter(scratch.stripe);
    try {
      if (!find(key, keyOffset, keyBytes, readTimestamp, lookup)) {
        return -1;
      }
      int bytes = lookup.valueBytes();
      int copied = Math.min(bytes, value.remaining());
      value.put(value.position(), valueOf(lookup), lookup.valueOffset(), copied);
      value.position(value.position() + copied);
      return bytes;
    } finally {
      lookup.release();
      epochs.leave(epoch);
    }
  }

  @Override
  public boolean contains(byte[] key, int keyOffset, int keyBytes, long readTimestamp) {
    Scratch scratch = SCRATCH.get();
    Lookup lookup = scratch.lookup;
    int epoch = epochs.enter(scratch.stripe);
    try {
      return find(key, keyOffset, keyBytes, readTimestamp, lookup);
    } finally {
      lookup.release();
      epochs.leave(epoch);
    }
  }

  @Override
  public boolean changed(byte[] key, int keyOffset, int keyBytes, long after, long before) {
    Scratch scratch = SCRATCH.get();
    Lookup lookup = scratch.lookup;
    int epoch = epochs.enter(scratch.stripe);
    try {
      backing.checkOpen();
      return ReadPath.changed(views.current(), key, keyOffset, keyBytes, after, before, lookup);
    } finally {
      lookup.release();
      epochs.leave(epoch);
    }
  }

  @Override
  public boolean changed(KeyRange range, long after, long before) {
    if (range.isEmpty()) {
      return false;
    }
    Views.Lease lease = lease();
    try {
      return ReadPath.changed(lease.view(), range, after, before);
    } finally {
      endLease(lease);
    }
  }

  @Override
  public BatchCursor scan(KeyRange range, long readTimestamp) {
    int epoch = epochs.enter();
    try {
      backing.checkOpen();
      ReadView view = views.current();
      long timestamp = readTimestamp;
      if (readTimestamp == NEWEST) {
        timestamp = backing.visibleTimestamp();
        while (view != views.current()) {
          view = views.current();
          timestamp = backing.visibleTimestamp();
        }
      }
      return ReadPath.scan(view, range, timestamp, new ViewLease(view));
    } finally {
      epochs.leave(epoch);
    }
  }

  @Override
  public long pin() {
    backing.checkOpen();
    return backing.pins().pin(backing::visibleTimestamp);
  }

  @Override
  public boolean pin(long timestamp) {
    backing.checkOpen();
    return backing.pins().pin(timestamp);
  }

  @Override
  public void unpin(long timestamp) {
    backing.pins().unpin(timestamp);
  }

  @Override
  public void keepFrom(long timestamp) {
    backing.pins().keepFrom(timestamp);
  }

  @Override
  public RangeEstimate estimate(KeyRange range) {
    if (range.isEmpty()) {
      return new RangeEstimate(0, 0);
    }
    Views.Lease lease = lease();
    try {
      return Estimator.estimate(lease.view(), range);
    } finally {
      endLease(lease);
    }
  }

  @Override
  public void flush() {
    enter();
    try {
      backing.writer().flush();
    } finally {
      leave();
    }
  }

  @Override
  public void compact(Progress progress) {
    enter();
    try {
      backing.writer().compact(progress);
    } catch (IOException e) {
      throw StorageErrors.of(e, "Compaction failed.", directory);
    } catch (StoppedException e) {
      throw closed(e);
    } finally {
      leave();
    }
  }

  /**
   * Makes an openable copy in {@code target}, by hard links where the file system has them.
   *
   * @return the timestamp of the newest commit in it
   */
  public long checkpoint(Path target) {
    enter();
    try {
      return new Checkpoint(backing.writer(), target).create();
    } catch (IOException e) {
      throw StorageErrors.of(e, "The checkpoint could not be made.", target);
    } finally {
      leave();
    }
  }

  /** Checks every structure, checksum and order; returns what is wrong, one sentence each. */
  public List<String> verify(Progress progress) {
    Views.Lease lease = lease();
    try {
      return new Verification(backing.maker(), lease.view(), progress, backing::checkOpen).run();
    } catch (IOException e) {
      throw StorageErrors.of(e, "The store could not be read.", directory);
    } finally {
      endLease(lease);
    }
  }

  /** For the inspector. */
  Views views() {
    backing.checkOpen();
    return views;
  }

  /** Figures by name. */
  public Map<String, Long> statistics() {
    return backing.metrics().read();
  }

  /** Where the figures come from; others of the same database add theirs. */
  public Metrics metrics() {
    return backing.metrics();
  }

  /** What counts this store's memory. */
  public MemoryBudget budget() {
    return backing.budget();
  }

  @Override
  public void close() {
    backing.close();
  }

  /** Finds in the current view, as of the time that fits it; inside an epoch. */
  private boolean find(byte[] key, int offset, int bytes, long readTimestamp, Lookup lookup) {
    backing.checkOpen();
    ReadView view = views.current();
    long timestamp = readTimestamp;
    if (readTimestamp == NEWEST) {
      timestamp = backing.visibleTimestamp();
      while (view != views.current()) {
        view = views.current();
        timestamp = backing.visibleTimestamp();
      }
    }
    return ReadPath.find(view, key, offset, bytes, timestamp, lookup);
  }

  /** Begins a call that may take its time; ended by {@link #leave}. */
  private void enter() {
    backing.calls().enter();
    try {
      backing.checkOpen();
    } catch (RuntimeException closed) {
      backing.calls().leave();
      throw closed;
    }
  }

  private void leave() {
    backing.calls().leave();
  }

  /** Leases the current view for a call that may take its time; ended by {@link #endLease}. */
  private Views.Lease lease() {
    enter();
    return views.lease();
  }

  private void endLease(Views.Lease lease) {
    views.endLease(lease.view(), lease.token());
    leave();
  }

  private static ByteBuffer valueOf(Lookup lookup) {
    ByteBuffer value = lookup.value();
    assert value != null;
    return value;
  }

  private static VarveException closed(Throwable cause) {
    return ErrorCode.CLOSED.error("The store was closed meanwhile.").cause(cause).build();
  }

  /** What a thread keeps from call to call. */
  private static final class Scratch {
    private final Lookup lookup = new Lookup();
    private final int stripe = Epochs.stripe();
  }

  /** Of a cursor. */
  private final class ViewLease implements CursorLease {
    private final ReadView view;
    private final int token;

    ViewLease(ReadView view) {
      this.view = view;
      this.token = view.lease();
    }

    @Override
    public boolean isRevoked() {
      return backing.isClosed();
    }

    @Override
    public void end() {
      views.endLease(view, token);
    }
  }
}
