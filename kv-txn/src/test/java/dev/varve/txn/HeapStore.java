// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.Durability;
import dev.varve.ErrorCode;
import dev.varve.KeyRange;
import dev.varve.Progress;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.CommitGuard;
import dev.varve.core.store.EntryBatch;
import dev.varve.core.store.Operations;
import dev.varve.core.store.RangeEstimate;
import dev.varve.core.store.SortedOperations;
import dev.varve.core.store.TimestampSource;
import dev.varve.core.store.VersionedStore;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A versioned store on the heap: a sorted map of version chains, commits one at a time. Drops versions that no
 * pin and no window needs, as eagerly as a store may, so that a missing pin shows.
 */
final class HeapStore implements VersionedStore {
  private final NavigableMap<byte[], Version> chains =
      new ConcurrentSkipListMap<>(Arrays::compareUnsigned);
  private final NavigableMap<Long, Integer> pins = new ConcurrentSkipListMap<>();
  private final TimestampSource timestamps;
  private final AtomicLong openCursors = new AtomicLong();
  private volatile long visible;
  private volatile long keepFrom = Long.MAX_VALUE;
  private volatile long dropped;
  private volatile boolean closed;

  /** A version of a key; {@code value} is null for a tombstone. */
  private static final class Version {
    final long timestamp;
    final byte @Nullable [] value;
    volatile @Nullable Version older;

    Version(long timestamp, byte @Nullable [] value, @Nullable Version older) {
      this.timestamp = timestamp;
      this.value = value;
      this.older = older;
    }
  }

  HeapStore(TimestampSource timestamps) {
    this.timestamps = timestamps;
  }

  /** Cursors that have not been closed. */
  long openCursors() {
    return openCursors.get();
  }

  /** Pins that have not been given back. */
  int pinned() {
    return pins.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Whether any key begins with {@code prefix}. */
  boolean holdsAny(KeyRange range) {
    try (BatchCursor cursor = scan(range, NEWEST)) {
      return cursor.next();
    }
  }

  @Override
  public long visibleTimestamp() {
    return visible;
  }

  @Override
  public long lastTimestamp() {
    return visible + 1;
  }

  @Override
  public synchronized long commit(
      Operations operations, Durability durability, @Nullable CommitGuard guard) {
    long timestamp = begin(guard);
    byte[] data = operations.data();
    int at = 0;
    while (at < operations.length()) {
      byte kind = data[at++];
      int[] lengths = new int[2];
      for (int i = 0; i < 2; i++) {
        for (int shift = 0; ; shift += 7) {
          byte next = data[at++];
          lengths[i] |= (next & 0x7f) << shift;
          if (next >= 0) {
            break;
          }
        }
      }
      byte[] first = Arrays.copyOfRange(data, at, at + lengths[0]);
      at += lengths[0];
      apply(timestamp, kind, first, Arrays.copyOfRange(data, at, at + lengths[1]));
      at += lengths[1];
    }
    visible = timestamp;
    return timestamp;
  }

  @Override
  public synchronized long put(
      byte[] key,
      int keyOffset,
      int keyBytes,
      byte[] value,
      int valueOffset,
      int valueBytes,
      Durability durability) {
    long timestamp = begin(null);
    apply(
        timestamp,
        Operations.PUT,
        Arrays.copyOfRange(key, keyOffset, keyOffset + keyBytes),
        Arrays.copyOfRange(value, valueOffset, valueOffset + valueBytes));
    visible = timestamp;
    return timestamp;
  }

  @Override
  public synchronized long commitSorted(SortedOperations operations, @Nullable CommitGuard guard) {
    long timestamp = begin(guard);
    byte[] last = null;
    while (operations.next()) {
      byte[] key =
          Arrays.copyOfRange(
              operations.keyArray(),
              operations.keyOffset(),
              operations.keyOffset() + operations.keyBytes());
      byte[] value =
          Arrays.copyOfRange(
              operations.valueArray(),
              operations.valueOffset(),
              operations.valueOffset() + operations.valueBytes());
      if (last != null && Arrays.compareUnsigned(last, key) > 0) {
        throw new AssertionError("operations are not sorted");
      }
      last = key;
      apply(timestamp, operations.kind(), key, value);
    }
    visible = timestamp;
    return timestamp;
  }

  private long begin(@Nullable CommitGuard guard) {
    checkOpen();
    long timestamp = timestamps.next(visible);
    if (guard != null) {
      guard.check(timestamp);
    }
    return timestamp;
  }

  private void apply(long timestamp, byte kind, byte[] first, byte[] second) {
    if (kind == Operations.DELETE_RANGE) {
      if (Arrays.compareUnsigned(first, second) < 0) {
        chains
            .subMap(first, second)
            .forEach(
                (key, chain) -> {
                  if (chain.value != null && chain.timestamp != timestamp) {
                    add(key, timestamp, null);
                  }
                });
      }
    } else {
      add(first, timestamp, kind == Operations.PUT ? second : null);
    }
  }

  private void add(byte[] key, long timestamp, byte @Nullable [] value) {
    Version newest = chains.get(key);
    Version older = newest != null && newest.timestamp == timestamp ? newest.older : newest;
    chains.put(key, new Version(timestamp, value, older));
    Map.Entry<Long, Integer> oldest = pins.firstEntry();
    long needed = Math.min(Math.min(visible, keepFrom), oldest == null ? visible : oldest.getKey());
    for (Version each = older; each != null; each = each.older) {
      if (each.timestamp <= needed && each.older != null) {
        each.older = null;
        dropped = Math.max(dropped, needed);
      }
    }
  }

  @Override
  public void sync() {
    checkOpen();
  }

  private @Nullable Version visible(@Nullable Version newest, long readTimestamp) {
    Version version = newest;
    while (version != null && version.timestamp > readTimestamp) {
      version = version.older;
    }
    return version;
  }

  @Override
  public byte @Nullable [] get(byte[] key, int keyOffset, int keyBytes, long readTimestamp) {
    checkOpen();
    long at = readTimestamp == NEWEST ? visible : readTimestamp;
    Version version =
        visible(chains.get(Arrays.copyOfRange(key, keyOffset, keyOffset + keyBytes)), at);
    return version == null || version.value == null ? null : version.value.clone();
  }

  @Override
  public int get(byte[] key, int keyOffset, int keyBytes, long readTimestamp, ByteBuffer value) {
    byte[] found = get(key, keyOffset, keyBytes, readTimestamp);
    if (found == null) {
      return -1;
    }
    value.put(found, 0, Math.min(found.length, value.remaining()));
    return found.length;
  }

  @Override
  public boolean contains(byte[] key, int keyOffset, int keyBytes, long readTimestamp) {
    return get(key, keyOffset, keyBytes, readTimestamp) != null;
  }

  @Override
  public boolean changed(byte[] key, int keyOffset, int keyBytes, long after, long before) {
    checkOpen();
    return changed(
        chains.get(Arrays.copyOfRange(key, keyOffset, keyOffset + keyBytes)), after, before);
  }

  private static boolean changed(@Nullable Version newest, long after, long before) {
    for (Version each = newest; each != null; each = each.older) {
      if (each.timestamp > after && each.timestamp < before) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean changed(KeyRange range, long after, long before) {
    checkOpen();
    return within(range).values().stream().anyMatch(chain -> changed(chain, after, before));
  }

  private NavigableMap<byte[], Version> within(KeyRange range) {
    byte[] from = range.from();
    byte[] to = range.to();
    if (range.isEmpty()) {
      return new ConcurrentSkipListMap<>(Arrays::compareUnsigned);
    }
    NavigableMap<byte[], Version> from1 = from == null ? chains : chains.tailMap(from, true);
    return to == null ? from1 : from1.headMap(to, false);
  }

  @Override
  public BatchCursor scan(KeyRange range, long readTimestamp) {
    checkOpen();
    return new HeapCursor(range, readTimestamp == NEWEST ? visible : readTimestamp);
  }

  /** Pins what it reads. */
  private final class HeapCursor implements BatchCursor {
    private final long timestamp;
    private final boolean reversed;
    private final NavigableMap<byte[], Version> rows;
    private byte @Nullable [] at;
    private byte @Nullable [] key;
    private byte @Nullable [] value;
    private boolean begun;
    private boolean closed;

    HeapCursor(KeyRange range, long timestamp) {
      this.timestamp = timestamp;
      this.reversed = range.isReversed();
      this.rows = reversed ? within(range).descendingMap() : within(range);
      addPin(timestamp);
      openCursors.incrementAndGet();
    }

    @Override
    public boolean next() {
      Map.Entry<byte[], Version> entry =
          !begun ? rows.firstEntry() : at == null ? null : rows.higherEntry(at);
      begun = true;
      return settle(entry);
    }

    private boolean settle(Map.@Nullable Entry<byte[], Version> from) {
      checkOpen();
      if (closed) {
        throw ErrorCode.CLOSED.error("closed").build();
      }
      Map.Entry<byte[], Version> entry = from;
      while (entry != null) {
        at = entry.getKey();
        Version version = visible(entry.getValue(), timestamp);
        if (version != null && version.value != null) {
          key = at;
          value = version.value;
          return true;
        }
        entry = rows.higherEntry(at);
      }
      at = null;
      return false;
    }

    @Override
    public boolean seek(byte[] to) {
      begun = true;
      Map.Entry<byte[], Version> entry;
      try {
        entry = rows.ceilingEntry(to);
      } catch (IllegalArgumentException outside) {
        entry = rows.firstEntry();
        if (entry != null && (Arrays.compareUnsigned(entry.getKey(), to) < 0) != reversed) {
          entry = null;
        }
      }
      return settle(entry);
    }

    @Override
    public int next(EntryBatch batch) {
      batch.clear();
      while (!batch.isFull() && next()) {
        batch.add(ByteBuffer.wrap(key), 0, key.length, ByteBuffer.wrap(value), 0, value.length);
      }
      return batch.count();
    }

    @Override
    public byte[] key() {
      return key.clone();
    }

    @Override
    public byte[] value() {
      return value.clone();
    }

    @Override
    public ByteBuffer keyBuffer() {
      return ByteBuffer.wrap(key).asReadOnlyBuffer();
    }

    @Override
    public ByteBuffer valueBuffer() {
      return ByteBuffer.wrap(value).asReadOnlyBuffer();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        unpin(timestamp);
        openCursors.decrementAndGet();
      }
    }
  }

  private void addPin(long timestamp) {
    pins.merge(timestamp, 1, Integer::sum);
  }

  @Override
  public synchronized long pin() {
    checkOpen();
    addPin(visible);
    return visible;
  }

  @Override
  public synchronized boolean pin(long timestamp) {
    checkOpen();
    if (timestamp < dropped && !pins.containsKey(timestamp)) {
      return false;
    }
    addPin(timestamp);
    return true;
  }

  @Override
  public void unpin(long timestamp) {
    pins.computeIfPresent(timestamp, (at, count) -> count == 1 ? null : count - 1);
  }

  @Override
  public synchronized void keepFrom(long timestamp) {
    keepFrom = keepFrom == Long.MAX_VALUE ? timestamp : Math.max(keepFrom, timestamp);
  }

  @Override
  public RangeEstimate estimate(KeyRange range) {
    long entries = 0;
    long bytes = 0;
    try (BatchCursor cursor = scan(range, NEWEST)) {
      while (cursor.next()) {
        entries++;
        bytes += cursor.key().length + cursor.value().length;
      }
    }
    return new RangeEstimate(entries, bytes);
  }

  @Override
  public void flush() {
    checkOpen();
  }

  @Override
  public void compact(Progress progress) {
    checkOpen();
  }

  private void checkOpen() {
    if (closed) {
      throw ErrorCode.CLOSED.error("The store is closed.").build();
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
