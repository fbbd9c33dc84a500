// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.Operations;
import dev.varve.core.store.SortedOperations;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The operations of a prepared transaction in the order of their keys, and among them the removal of the
 * records that they come from; chunk by chunk from the store.
 */
final class PreparedOperations implements SortedOperations {
  private final String globalId;
  private final BatchCursor chunks;
  private final Deque<Operation> ahead = new ArrayDeque<>();
  private Operation current = new Operation((byte) 0, new byte[0], 0, 0, 0, 0);
  private Operation removal;
  private boolean isRemoved;

  /** One operation, where it stands. */
  private record Operation(
      byte kind, byte[] array, int firstOffset, int firstBytes, int secondOffset, int secondBytes) {

    boolean isBefore(Operation other) {
      return Arrays.compareUnsigned(
              array,
              firstOffset,
              firstOffset + firstBytes,
              other.array,
              other.firstOffset,
              other.firstOffset + other.firstBytes)
          < 0;
    }
  }

  /** {@code chunks} walks the chunks, header excluded; the caller closes it. */
  PreparedOperations(String globalId, BatchCursor chunks) {
    this.globalId = globalId;
    this.chunks = chunks;
    byte[] from = PreparedFormat.all(globalId).from();
    byte[] to = PreparedFormat.all(globalId).to();
    byte[] both = Arrays.copyOf(from, from.length + to.length);
    System.arraycopy(to, 0, both, from.length, to.length);
    this.removal =
        new Operation(Operations.DELETE_RANGE, both, 0, from.length, from.length, to.length);
  }

  @Override
  public boolean next() {
    while (ahead.isEmpty() && chunks.next()) {
      PreparedFormat.forEach(
          globalId,
          chunks.value(),
          (kind, chunk, first, firstBytes, second, secondBytes) -> {
            if (PreparedFormat.isOperation(kind)) {
              ahead.add(new Operation(kind, chunk, first, firstBytes, second, secondBytes));
            }
          });
    }
    if (!isRemoved && (ahead.isEmpty() || removal.isBefore(ahead.peek()))) {
      isRemoved = true;
      current = removal;
      return true;
    }
    if (ahead.isEmpty()) {
      return false;
    }
    current = ahead.remove();
    return true;
  }

  @Override
  public byte kind() {
    return current.kind;
  }

  @Override
  public byte[] keyArray() {
    return current.array;
  }

  @Override
  public int keyOffset() {
    return current.firstOffset;
  }

  @Override
  public int keyBytes() {
    return current.firstBytes;
  }

  @Override
  public byte[] valueArray() {
    return current.array;
  }

  @Override
  public int valueOffset() {
    return current.secondOffset;
  }

  @Override
  public int valueBytes() {
    return current.secondBytes;
  }
}
