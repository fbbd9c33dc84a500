// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.Durability;
import dev.varve.KeyRange;
import dev.varve.Progress;
import dev.varve.core.file.FileSystem;
import dev.varve.core.memory.MemoryBudget;
import dev.varve.core.metrics.Metrics;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.CommitGuard;
import dev.varve.core.store.Operations;
import dev.varve.core.store.RangeEstimate;
import dev.varve.core.store.SortedOperations;
import dev.varve.core.store.VersionedStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The storage engine: an ordered, versioned store in one directory. Thread-safe. */
public final class LsmStore implements VersionedStore {
  private LsmStore() {}

  /** Opens the store in {@code directory} for reading and writing, created if so said and absent. */
  public static LsmStore open(FileSystem files, Path directory, LsmOptions options) {
    throw new UnsupportedOperationException();
  }

  /** Opens it for reading, beside a process that writes; see {@link #refresh}. */
  public static LsmStore openReadOnly(FileSystem files, Path directory, LsmOptions options) {
    throw new UnsupportedOperationException();
  }

  /** Moves a store opened for reading on to what has been written since. */
  public void refresh() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long visibleTimestamp() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long lastTimestamp() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long commit(Operations operations, Durability durability, @Nullable CommitGuard guard) {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  @Override
  public long commitSorted(SortedOperations operations, @Nullable CommitGuard guard) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sync() {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte @Nullable [] get(byte[] key, int keyOffset, int keyBytes, long readTimestamp) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int get(byte[] key, int keyOffset, int keyBytes, long readTimestamp, ByteBuffer value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean contains(byte[] key, int keyOffset, int keyBytes, long readTimestamp) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean changed(byte[] key, int keyOffset, int keyBytes, long after, long before) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean changed(KeyRange range, long after, long before) {
    throw new UnsupportedOperationException();
  }

  @Override
  public BatchCursor scan(KeyRange range, long readTimestamp) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long pin() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean pin(long timestamp) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void unpin(long timestamp) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void keepFrom(long timestamp) {
    throw new UnsupportedOperationException();
  }

  @Override
  public RangeEstimate estimate(KeyRange range) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void flush() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void compact(Progress progress) {
    throw new UnsupportedOperationException();
  }

  /** Makes an openable copy in {@code directory}, by hard links where the file system has them. */
  public void checkpoint(Path directory) {
    throw new UnsupportedOperationException();
  }

  /** Checks every structure, checksum and order; throws {@code CORRUPTION} at the first fault. */
  public void verify(Progress progress) {
    throw new UnsupportedOperationException();
  }

  /** Figures by name. */
  public Map<String, Long> statistics() {
    throw new UnsupportedOperationException();
  }

  /** Where the figures come from; others of the same database add theirs. */
  public Metrics metrics() {
    throw new UnsupportedOperationException();
  }

  /** What counts this store's memory. */
  public MemoryBudget budget() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
