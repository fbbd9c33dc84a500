// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.write;

import dev.varve.core.store.BatchCursor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the pending writes of a transaction in key order, each key once, in the state that counts; deletes
 * are shown as such. Survives writes, spills and roll-backs in between: what it shows is a copy, and it finds its
 * place again by key. One thread; the creator closes.
 */
public final class PendingCursor implements AutoCloseable {
  private final PendingWrites writes;
  private final boolean reversed;
  private final List<Source> sources = new ArrayList<>(1);
  private int epoch;
  private byte[] key = new byte[64];
  private int keyBytes;
  private byte[] value = new byte[64];
  private int valueBytes;
  private int kind;
  private boolean valid;

  /** Stands nowhere until {@link #seek} or {@link #seekToEdge}. */
  public PendingCursor(PendingWrites writes, boolean reversed) {
    this.writes = writes;
    this.reversed = reversed;
    this.epoch = writes.epoch();
  }

  /** A layer of the pending writes. */
  private abstract static class Source implements AutoCloseable {
    boolean valid;
    byte[] keys = {};
    int keyOffset;
    int keyBytes;
    int kind;

    abstract void seek(byte[] from, int length, boolean inclusive);

    abstract void seekToEdge();

    abstract void next();

    abstract byte[] values();

    abstract int valueOffset();

    abstract int valueBytes();

    abstract DeletedRanges ranges();

    @Override
    public abstract void close();
  }

  /** What is in memory. */
  private final class MemorySource extends Source {
    private final WriteSet memory = writes.memory();
    private int node;

    @Override
    void seek(byte[] from, int length, boolean inclusive) {
      if (reversed) {
        node = inclusive ? memory.find(from, 0, length) : WriteSet.NONE;
        node = node == WriteSet.NONE ? memory.lower(from, 0, length) : node;
      } else {
        node = memory.ceiling(from, 0, length);
        if (!inclusive && node != WriteSet.NONE && memory.compare(node, from, 0, length) == 0) {
          node = memory.next(node);
        }
      }
      settle();
    }

    @Override
    void seekToEdge() {
      node = reversed ? memory.last() : memory.first();
      settle();
    }

    @Override
    void next() {
      step();
      settle();
    }

    private void step() {
      node =
          reversed
              ? memory.lower(memory.bytes(), memory.keyOffset(node), memory.keyBytes(node))
              : memory.next(node);
    }

    private void settle() {
      while (node != WriteSet.NONE
          && memory.kind(node) != WriteSet.PUT
          && memory.kind(node) != WriteSet.DELETE) {
        step();
      }
      valid = node != WriteSet.NONE;
      if (valid) {
        keys = memory.bytes();
        keyOffset = memory.keyOffset(node);
        keyBytes = memory.keyBytes(node);
        kind = memory.kind(node);
      }
    }

    @Override
    byte[] values() {
      return memory.bytes();
    }

    @Override
    int valueOffset() {
      return memory.valueOffset(node);
    }

    @Override
    int valueBytes() {
      return memory.valueBytes(node);
    }

    @Override
    DeletedRanges ranges() {
      return memory.ranges();
    }

    @Override
    public void close() {}
  }

  /** What is in a run. */
  private final class RunSource extends Source {
    private final Run run;
    private final BatchCursor cursor;
    private byte[] found = {};

    RunSource(Run run) {
      this.run = run;
      this.cursor = run.scan(reversed);
    }

    @Override
    void seek(byte[] from, int length, boolean inclusive) {
      settle(cursor.seek(run.seekKey(from, 0, length)));
      if (!inclusive && valid && isAt(from, length)) {
        next();
      }
    }

    private boolean isAt(byte[] other, int length) {
      return Arrays.equals(keys, keyOffset, keyOffset + keyBytes, other, 0, length);
    }

    @Override
    void seekToEdge() {
      settle(cursor.next());
    }

    @Override
    void next() {
      settle(cursor.next());
    }

    private void settle(boolean moved) {
      valid = moved;
      if (moved) {
        keys = cursor.key();
        keyOffset = SpillFormat.HEADER_BYTES;
        keyBytes = keys.length - keyOffset;
        found = cursor.value();
        kind = found[0];
      }
    }

    @Override
    byte[] values() {
      return found;
    }

    @Override
    int valueOffset() {
      return 1;
    }

    @Override
    int valueBytes() {
      return found.length - 1;
    }

    @Override
    DeletedRanges ranges() {
      return run.ranges;
    }

    @Override
    public void close() {
      cursor.close();
    }
  }

  /** Moves to the first key at or after, or if not {@code inclusive} after, one in its direction. */
  public boolean seek(byte[] from, int length, boolean inclusive) {
    open();
    for (Source source : sources) {
      source.seek(from, length, inclusive);
    }
    return settle();
  }

  /** Moves to the first key in its direction. */
  public boolean seekToEdge() {
    close();
    open();
    for (Source source : sources) {
      source.seekToEdge();
    }
    return settle();
  }

  /** Moves on; only when {@link #isValid}. */
  public boolean next() {
    if (epoch != writes.epoch()) {
      close();
      return seek(key, keyBytes, false);
    }
    for (Source source : sources) {
      if (source.valid && compare(source, key, keyBytes) == 0) {
        source.next();
      }
    }
    return settle();
  }

  private void open() {
    if (epoch != writes.epoch()) {
      close();
    }
    if (sources.isEmpty()) {
      epoch = writes.epoch();
      sources.add(new MemorySource());
      List<Run> runs = writes.runs();
      for (int i = runs.size() - 1; i >= 0; i--) {
        sources.add(new RunSource(runs.get(i)));
      }
    }
  }

  /** Takes the key that comes first from the layer that counts most, unless a layer above deletes it. */
  private boolean settle() {
    while (true) {
      Source first = null;
      for (Source source : sources) {
        if (source.valid && (first == null || isBefore(source, first))) {
          first = source;
        }
      }
      valid = first != null;
      if (first == null) {
        return false;
      }
      copy(first);
      if (!isHidden(first)) {
        return true;
      }
      for (Source source : sources) {
        if (source.valid && compare(source, key, keyBytes) == 0) {
          source.next();
        }
      }
    }
  }

  private boolean isBefore(Source source, Source other) {
    int order =
        Arrays.compareUnsigned(
            source.keys,
            source.keyOffset,
            source.keyOffset + source.keyBytes,
            other.keys,
            other.keyOffset,
            other.keyOffset + other.keyBytes);
    return reversed ? order > 0 : order < 0;
  }

  private boolean isHidden(Source found) {
    for (Source source : sources) {
      if (source == found) {
        return false;
      }
      if (!source.ranges().isEmpty() && source.ranges().toAround(copyOfKey()) != null) {
        return true;
      }
    }
    return false;
  }

  private void copy(Source source) {
    if (key.length < source.keyBytes) {
      key = new byte[2 * source.keyBytes];
    }
    System.arraycopy(source.keys, source.keyOffset, key, 0, source.keyBytes);
    keyBytes = source.keyBytes;
    kind = source.kind;
    valueBytes = kind == WriteSet.PUT ? source.valueBytes() : 0;
    if (valueBytes > 0) {
      if (value.length < valueBytes) {
        value = new byte[valueBytes + (valueBytes >> 3)];
      }
      System.arraycopy(source.values(), source.valueOffset(), value, 0, valueBytes);
    }
  }

  private static int compare(Source source, byte[] other, int length) {
    return Arrays.compareUnsigned(
        source.keys, source.keyOffset, source.keyOffset + source.keyBytes, other, 0, length);
  }

  /** Whether there is a current key. */
  public boolean isValid() {
    return valid;
  }

  /** {@link WriteSet#PUT} or {@link WriteSet#DELETE}. */
  public int kind() {
    return kind;
  }

  /** Holds the key from 0 on; valid until the next move. */
  public byte[] keyArray() {
    return key;
  }

  /** The key's length. */
  public int keyBytes() {
    return keyBytes;
  }

  /** A copy of the key. */
  public byte[] copyOfKey() {
    return Arrays.copyOf(key, keyBytes);
  }

  /** Holds the value from 0 on; valid until the next move. */
  public byte[] valueArray() {
    return value;
  }

  /** The value's length. */
  public int valueBytes() {
    return valueBytes;
  }

  /** How the current key compares with another; null is before every key. */
  public int compareKey(byte @Nullable [] other) {
    return other == null ? 1 : Arrays.compareUnsigned(key, 0, keyBytes, other, 0, other.length);
  }

  @Override
  public void close() {
    sources.forEach(Source::close);
    sources.clear();
  }
}
