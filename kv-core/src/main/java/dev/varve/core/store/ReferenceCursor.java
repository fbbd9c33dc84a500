// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import dev.varve.ErrorCode;
import dev.varve.KeyRange;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A cursor of a {@link ReferenceStore}: every move looks up the next row anew. */
final class ReferenceCursor implements BatchCursor {
  private final ReferenceStore store;
  private final Supplier<ReferenceView> view;
  private final RowRange range;
  private final boolean reversed;
  private final Runnable onClose;
  private RowRange rest;
  private @Nullable RowKey row;
  private byte @Nullable [] value;
  private boolean closed;

  /** {@code view} is asked at every move, under the store's monitor, and throws if it has ended. */
  ReferenceCursor(
      ReferenceStore store,
      Supplier<ReferenceView> view,
      int keyspace,
      KeyRange range,
      Runnable onClose) {
    this.store = store;
    this.view = view;
    this.range = RowRange.of(keyspace, range);
    this.reversed = range.isReversed();
    this.onClose = onClose;
    this.rest = this.range;
  }

  @Override
  public boolean next() {
    checkOpen();
    synchronized (store) {
      ReferenceView now = view.get();
      row = now.first(rest, reversed);
      value = row == null ? null : now.get(row);
      rest = row == null ? new RowRange(range.from(), range.from()) : behind(row);
      return row != null;
    }
  }

  @Override
  public boolean seek(byte[] key) {
    RowKey at = new RowKey(range.from().keyspace(), key.clone());
    if (reversed) {
      RowKey to = at.successor();
      rest = new RowRange(range.from(), to.compareTo(range.to()) < 0 ? to : range.to());
    } else {
      rest = new RowRange(at.compareTo(range.from()) > 0 ? at : range.from(), range.to());
    }
    return next();
  }

  @Override
  public int next(EntryBatch batch) {
    batch.clear();
    RowKey last = row;
    byte[] lastValue = value;
    while (!batch.isFull() && next()) {
      last = row;
      lastValue = value;
      ByteBuffer key = keyBuffer();
      ByteBuffer bytes = valueBuffer();
      batch.add(key, 0, key.remaining(), bytes, 0, bytes.remaining());
    }
    if (batch.count() > 0) {
      row = last;
      value = lastValue;
    }
    return batch.count();
  }

  @Override
  public byte[] key() {
    return current().bytes().clone();
  }

  @Override
  public byte[] value() {
    current();
    return Arrays.copyOf(value, value.length);
  }

  @Override
  public ByteBuffer keyBuffer() {
    return ByteBuffer.wrap(current().bytes()).asReadOnlyBuffer();
  }

  @Override
  public ByteBuffer valueBuffer() {
    current();
    return ByteBuffer.wrap(value).asReadOnlyBuffer();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      onClose.run();
    }
  }

  private RowRange behind(RowKey at) {
    return ReferenceView.behind(rest, at, reversed);
  }

  private RowKey current() {
    checkOpen();
    if (row == null) {
      throw ErrorCode.INVALID_ARGUMENT.error("The cursor stands on no entry.").build();
    }
    return row;
  }

  private void checkOpen() {
    if (closed) {
      throw ErrorCode.CLOSED.error("The cursor is closed.").build();
    }
  }
}
