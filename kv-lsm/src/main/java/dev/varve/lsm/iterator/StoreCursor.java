// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.iterator;

import dev.varve.ErrorCode;
import dev.varve.KeyRange;
import dev.varve.VarveException;
import dev.varve.core.codec.Bytes;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.EntryBatch;
import dev.varve.lsm.key.RangeTombstones;
import dev.varve.lsm.key.Trailer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Shows of each key in a range the newest version at or before the read timestamp, unless that is a
 * tombstone or lies under one. Owns its source and its lease.
 *
 * <p>Invariants. I1: while on an entry and walking forward, the source stands on the entry's version.
 * I2: while on an entry and walking backward over a source that may hold several versions of a key,
 * the source stands before all versions of the entry's key, and the entry is in {@code candidate}
 * arrays; if its value is large, the source stands on the version itself instead. I3: a source that
 * promises one version per key is never compared with the key before, which is what a scan over a
 * compacted store spends no time on.
 */
public final class StoreCursor implements BatchCursor {
  private static final int SKIPS_BEFORE_SEEK = 8;
  private static final int LARGE_VALUE_BYTES = 1 << 16;
  private static final int PUT_MASK = 3;

  private enum Place {
    START,
    ENTRY,
    END
  }

  private final VersionIterator source;
  private final boolean uniqueKeys;
  private final RangeTombstones[] tombstones;
  private final long readTimestamp;
  private final long firstVisible;
  private final byte @Nullable [] from;
  private final byte @Nullable [] to;
  private final boolean reversed;
  private final CursorLease lease;

  private Place place = Place.START;
  private boolean closed;

  private byte[] lastKey = new byte[64];
  private int lastKeyBytes = -1;

  private boolean detached;
  private byte[] candidateKey = new byte[0];
  private int candidateKeyBytes;
  private byte[] candidateValue = new byte[0];
  private int candidateValueBytes;
  private ByteBuffer candidateKeyView = ByteBuffer.wrap(candidateKey);
  private ByteBuffer candidateValueView = ByteBuffer.wrap(candidateValue);

  private @Nullable ByteBuffer keyOrigin;
  private @Nullable ByteBuffer keyView;
  private @Nullable ByteBuffer valueOrigin;
  private @Nullable ByteBuffer valueView;

  /**
   * A cursor before the first entry of {@code range}.
   *
   * @param uniqueKeys whether the source promises at most one version of each key
   * @param tombstones those of the source that are not empty
   */
  public StoreCursor(
      VersionIterator source,
      boolean uniqueKeys,
      RangeTombstones[] tombstones,
      KeyRange range,
      long readTimestamp,
      CursorLease lease) {
    this.source = source;
    this.uniqueKeys = uniqueKeys;
    this.tombstones = tombstones;
    this.readTimestamp = readTimestamp;
    this.firstVisible = Trailer.firstVisible(readTimestamp);
    this.from = range.from();
    this.to = range.to();
    this.reversed = range.isReversed();
    this.lease = lease;
    if (range.isEmpty()) {
      place = Place.END;
    }
  }

  @Override
  public boolean next() {
    checkOpen();
    try {
      return reversed ? stepBackward() : stepForward();
    } catch (RuntimeException failure) {
      throw revoked(failure);
    }
  }

  @Override
  public boolean seek(byte[] key) {
    checkOpen();
    try {
      lastKeyBytes = -1;
      if (reversed) {
        boolean beyond = to != null && Arrays.compareUnsigned(key, to) >= 0;
        if (beyond) {
          return startBackward();
        }
        source.seekBefore(key, 0, key.length, -1);
        return settleBackward();
      }
      boolean before = from != null && Arrays.compareUnsigned(key, from) < 0;
      byte[] start = before ? from : key;
      source.seek(start, 0, start.length, firstVisible);
      return settleForward();
    } catch (RuntimeException failure) {
      throw revoked(failure);
    }
  }

  @Override
  public int next(EntryBatch batch) {
    checkOpen();
    batch.clear();
    try {
      if (reversed) {
        while (!batch.isFull() && stepBackward()) {
          add(batch);
        }
      } else {
        while (!batch.isFull() && stepForward()) {
          batch.add(
              source.key,
              source.keyOffset,
              source.keyBytes,
              source.value,
              source.valueOffset,
              source.valueBytes);
        }
      }
    } catch (RuntimeException failure) {
      throw revoked(failure);
    }
    return batch.count();
  }

  @Override
  public byte[] key() {
    checkEntry();
    if (detached) {
      return Arrays.copyOf(candidateKey, candidateKeyBytes);
    }
    return copy(source.key, source.keyOffset, source.keyBytes);
  }

  @Override
  public byte[] value() {
    checkEntry();
    if (detached) {
      return Arrays.copyOf(candidateValue, candidateValueBytes);
    }
    return copy(source.value, source.valueOffset, source.valueBytes);
  }

  @Override
  public ByteBuffer keyBuffer() {
    checkEntry();
    if (detached) {
      return show(candidateKeyView, 0, candidateKeyBytes);
    }
    ByteBuffer view = keyView;
    if (keyOrigin != source.key || view == null) {
      keyOrigin = source.key;
      view = source.key.asReadOnlyBuffer();
      keyView = view;
    }
    return show(view, source.keyOffset, source.keyBytes);
  }

  @Override
  public ByteBuffer valueBuffer() {
    checkEntry();
    if (detached) {
      return show(candidateValueView, 0, candidateValueBytes);
    }
    ByteBuffer view = valueView;
    if (valueOrigin != source.value || view == null) {
      valueOrigin = source.value;
      view = source.value.asReadOnlyBuffer();
      valueView = view;
    }
    return show(view, source.valueOffset, source.valueBytes);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    place = Place.END;
    try {
      source.close();
    } finally {
      lease.end();
    }
  }

  private boolean stepForward() {
    switch (place) {
      case END -> {
        return false;
      }
      case START -> {
        if (from == null) {
          source.seekToFirst();
        } else {
          source.seek(from, 0, from.length, firstVisible);
        }
      }
      default -> source.next();
    }
    return settleForward();
  }

  /** Moves the source on to the first version that shows, which may be the one it stands on. */
  private boolean settleForward() {
    VersionIterator at = source;
    detached = false;
    int skips = 0;
    while (at.valid) {
      if (to != null && Bytes.compare(at.key, at.keyOffset, at.keyBytes, to, 0, to.length) >= 0) {
        break;
      }
      if (!uniqueKeys && isLastKey(at)) {
        if (++skips > SKIPS_BEFORE_SEEK) {
          at.seek(lastKey, 0, lastKeyBytes, -1);
          skips = 0;
        } else {
          at.next();
        }
        continue;
      }
      if (at.trailer > firstVisible) {
        skipTooNew(at);
        continue;
      }
      if (!uniqueKeys) {
        rememberKey(at);
        skips = 0;
      }
      if ((at.trailer & PUT_MASK) == Trailer.PUT && !isCovered(at)) {
        place = Place.ENTRY;
        return true;
      }
      at.next();
    }
    place = Place.END;
    return false;
  }

  /** Moves on from a version that is newer than the read: by steps, then, if it is hot, by a seek. */
  private void skipTooNew(VersionIterator at) {
    if (uniqueKeys) {
      at.next();
      return;
    }
    rememberKey(at);
    int steps = 0;
    do {
      at.next();
      steps++;
    } while (steps < SKIPS_BEFORE_SEEK && at.valid && at.trailer > firstVisible && isLastKey(at));
    if (steps == SKIPS_BEFORE_SEEK && at.valid && at.trailer > firstVisible && isLastKey(at)) {
      at.seek(lastKey, 0, lastKeyBytes, firstVisible);
    }
    lastKeyBytes = -1;
  }

  private boolean stepBackward() {
    switch (place) {
      case END -> {
        return false;
      }
      case START -> {
        return startBackward();
      }
      default -> {
        if (uniqueKeys) {
          source.previous();
        } else if (!detached) {
          source.seekBefore(lastKey, 0, lastKeyBytes, Trailer.FIRST);
        }
        return settleBackward();
      }
    }
  }

  private boolean startBackward() {
    if (to == null) {
      source.seekToLast();
    } else {
      source.seekBefore(to, 0, to.length, Trailer.FIRST);
    }
    return settleBackward();
  }

  /** Moves the source back until an entry is found; the source stands on the newest not looked at. */
  private boolean settleBackward() {
    VersionIterator at = source;
    detached = false;
    while (at.valid) {
      if (from != null
          && Bytes.compare(at.key, at.keyOffset, at.keyBytes, from, 0, from.length) < 0) {
        break;
      }
      if (uniqueKeys ? showsHere(at) : collectKey(at)) {
        place = Place.ENTRY;
        return true;
      }
      if (uniqueKeys) {
        at.previous();
      }
    }
    place = Place.END;
    return false;
  }

  private boolean showsHere(VersionIterator at) {
    return at.trailer <= firstVisible && (at.trailer & PUT_MASK) == Trailer.PUT && !isCovered(at);
  }

  /**
   * Walks back over all versions of the key the source stands on, oldest first, keeping the newest
   * that the read may see. Returns whether that one shows.
   */
  private boolean collectKey(VersionIterator at) {
    rememberKey(at);
    long found = -1;
    boolean copied = false;
    do {
      if (at.trailer <= firstVisible) {
        found = at.trailer;
        copied = at.valueBytes <= LARGE_VALUE_BYTES;
        if (copied && (found & PUT_MASK) == Trailer.PUT) {
          copyCandidateValue(at);
        }
      }
      at.previous();
    } while (at.valid && isLastKey(at));
    if (found < 0 || (found & PUT_MASK) != Trailer.PUT || isLastKeyCovered(found)) {
      return false;
    }
    if (copied) {
      takeCandidateKey();
      detached = true;
    } else {
      at.seek(lastKey, 0, lastKeyBytes, found);
    }
    return true;
  }

  private void copyCandidateValue(VersionIterator at) {
    if (candidateValue.length < at.valueBytes) {
      candidateValue = new byte[Math.max(256, Integer.highestOneBit(at.valueBytes) * 2)];
      candidateValueView = ByteBuffer.wrap(candidateValue).asReadOnlyBuffer();
    }
    at.value.get(at.valueOffset, candidateValue, 0, at.valueBytes);
    candidateValueBytes = at.valueBytes;
  }

  private void takeCandidateKey() {
    if (candidateKey.length < lastKeyBytes) {
      candidateKey = new byte[lastKey.length];
      candidateKeyView = ByteBuffer.wrap(candidateKey).asReadOnlyBuffer();
    }
    System.arraycopy(lastKey, 0, candidateKey, 0, lastKeyBytes);
    candidateKeyBytes = lastKeyBytes;
  }

  private void rememberKey(VersionIterator at) {
    int bytes = at.keyBytes;
    if (lastKey.length < bytes) {
      lastKey = new byte[Math.max(bytes, lastKey.length * 2)];
    }
    at.key.get(at.keyOffset, lastKey, 0, bytes);
    lastKeyBytes = bytes;
  }

  private boolean isLastKey(VersionIterator at) {
    return at.keyBytes == lastKeyBytes
        && Bytes.compare(at.key, at.keyOffset, at.keyBytes, lastKey, 0, lastKeyBytes) == 0;
  }

  private boolean isCovered(VersionIterator at) {
    for (RangeTombstones each : tombstones) {
      if (each.newestCovering(at.key, at.keyOffset, at.keyBytes, readTimestamp)
          > Trailer.timestamp(at.trailer)) {
        return true;
      }
    }
    return false;
  }

  private boolean isLastKeyCovered(long trailer) {
    for (RangeTombstones each : tombstones) {
      if (each.newestCovering(lastKey, 0, lastKeyBytes, readTimestamp)
          > Trailer.timestamp(trailer)) {
        return true;
      }
    }
    return false;
  }

  private void add(EntryBatch batch) {
    if (detached) {
      // What was shown of them before narrowed them.
      candidateKeyView.clear();
      candidateValueView.clear();
      batch.add(candidateKeyView, 0, candidateKeyBytes, candidateValueView, 0, candidateValueBytes);
    } else {
      batch.add(
          source.key,
          source.keyOffset,
          source.keyBytes,
          source.value,
          source.valueOffset,
          source.valueBytes);
    }
  }

  private static byte[] copy(ByteBuffer buffer, int offset, int bytes) {
    byte[] copy = new byte[bytes];
    buffer.get(offset, copy, 0, bytes);
    return copy;
  }

  private static ByteBuffer show(ByteBuffer view, int offset, int bytes) {
    return view.limit(offset + bytes).position(offset);
  }

  private void checkOpen() {
    if (closed) {
      throw ErrorCode.CLOSED.error("The cursor is closed.").build();
    }
    if (lease.isRevoked()) {
      throw storeClosed(null);
    }
  }

  private void checkEntry() {
    checkOpen();
    if (place != Place.ENTRY) {
      throw ErrorCode.NOT_FOUND
          .error("The cursor stands on no entry.")
          .hint("Call key() and value() only after next() or seek() returned true.")
          .build();
    }
  }

  private RuntimeException revoked(RuntimeException failure) {
    return lease.isRevoked() ? storeClosed(failure) : failure;
  }

  private static VarveException storeClosed(@Nullable Throwable cause) {
    return ErrorCode.CLOSED
        .error("The store was closed while the cursor was open.")
        .cause(cause)
        .build();
  }
}
