// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import dev.varve.Durability;
import dev.varve.KeyRange;
import dev.varve.Progress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An ordered store that keeps several versions of a key, each dated by the timestamp of the commit
 * that wrote it: all that the transaction layer knows of a storage engine. Keys are physical:
 * keyspace prefix ({@code KeyspacePrefix}) and user key. Thread-safe.
 *
 * <p>A read at timestamp {@code t} sees of each key the newest version at or before {@code t}. It is
 * only meaningful for {@code t <= visibleTimestamp()} and while {@code t} is protected by {@link
 * #pin}, or taken and used within one call ({@link #NEWEST}).
 */
public interface VersionedStore extends AutoCloseable {
  /** As a read timestamp: whatever is newest and visible when the call begins. */
  long NEWEST = Long.MAX_VALUE;

  /** Every commit with this timestamp or an earlier one can be read. Never decreases. */
  long visibleTimestamp();

  /** The least timestamp that is greater than every one that this store has seen; for oracles. */
  long lastTimestamp();

  /**
   * Makes {@code operations} durable as {@code durability} says and visible, all at once. On return
   * {@code visibleTimestamp() >= } the result.
   *
   * @param guard asked before anything is written, or null
   * @return the commit timestamp
   */
  long commit(Operations operations, Durability durability, @Nullable CommitGuard guard);

  /** As {@link #commit} of a single put, without the detour over an array. */
  long put(
      byte[] key,
      int keyOffset,
      int keyBytes,
      byte[] value,
      int valueOffset,
      int valueBytes,
      Durability durability);

  /** As {@link #commit}, for sorted operations of any size; written as tables, not to the log. */
  long commitSorted(SortedOperations operations, @Nullable CommitGuard guard);

  /** Returns after everything committed before the call is forced to the device. */
  void sync();

  /** The value of a key at {@code readTimestamp}, or null. */
  byte @Nullable [] get(byte[] key, int keyOffset, int keyBytes, long readTimestamp);

  /**
   * Copies the value of a key at {@code readTimestamp} into {@code value}, as many bytes as fit.
   *
   * @return the whole length, or -1
   */
  int get(byte[] key, int keyOffset, int keyBytes, long readTimestamp, ByteBuffer value);

  /** Whether the key has a value at {@code readTimestamp}. */
  boolean contains(byte[] key, int keyOffset, int keyBytes, long readTimestamp);

  /**
   * Whether the key has a version, tombstones included, with {@code after < timestamp < before}.
   * Only memtables and tables whose newest timestamp is later than {@code after} are asked.
   */
  boolean changed(byte[] key, int keyOffset, int keyBytes, long after, long before);

  /** Whether any key in {@code range} (null bounds: unbounded) has such a version. */
  boolean changed(KeyRange range, long after, long before);

  /** Entries of {@code range} at {@code readTimestamp}; holds what it reads until closed. */
  BatchCursor scan(KeyRange range, long readTimestamp);

  /** Takes the visible timestamp and keeps its versions until {@link #unpin}. Cheap, contention-free. */
  long pin();

  /**
   * Keeps the versions visible at an earlier timestamp, if they are still there.
   *
   * @return false when they may have been dropped already
   */
  boolean pin(long timestamp);

  /** Ends a {@link #pin}. */
  void unpin(long timestamp);

  /** Keeps the versions visible at or after this timestamp, for time travel; may only rise. */
  void keepFrom(long timestamp);

  /** About how much {@code range} holds. */
  RangeEstimate estimate(KeyRange range);

  /** Writes all memtables to tables. */
  void flush();

  /** Moves everything into its last level. */
  void compact(Progress progress);

  @Override
  void close();
}
