// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.iterator;

import dev.varve.core.codec.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Merges the versions of several sources into one order. Owns its sources and closes them.
 *
 * <p>The sources that still have a version stand in a binary heap by their heads, least first when
 * walking forward, greatest first when walking backward. A move replaces the head of the top source
 * and lets it sink, which costs two comparisons while the same source stays on top. Turning round
 * seeks every source once.
 */
public final class MergingIterator extends VersionIterator {
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private final VersionIterator[] sources;
  private final VersionIterator[] heap;
  private int heapSize;
  private boolean forward = true;
  private byte[] turnKey = new byte[32];

  /** Merges {@code sources}, which nobody else moves from here on. */
  public MergingIterator(VersionIterator[] sources) {
    super(EMPTY);
    this.sources = sources;
    this.heap = new VersionIterator[sources.length];
  }

  @Override
  public void seekToFirst() {
    for (VersionIterator source : sources) {
      source.seekToFirst();
    }
    build(true);
  }

  @Override
  public void seekToLast() {
    for (VersionIterator source : sources) {
      source.seekToLast();
    }
    build(false);
  }

  @Override
  public void seek(byte[] array, int offset, int bytes, long atTrailer) {
    for (VersionIterator source : sources) {
      source.seek(array, offset, bytes, atTrailer);
    }
    build(true);
  }

  @Override
  public void seekBefore(byte[] array, int offset, int bytes, long atTrailer) {
    for (VersionIterator source : sources) {
      source.seekBefore(array, offset, bytes, atTrailer);
    }
    build(false);
  }

  @Override
  public void next() {
    assert valid;
    VersionIterator top = heap[0];
    if (!forward) {
      turn(true, top);
      return;
    }
    top.next();
    sinkTop(top);
  }

  @Override
  public void previous() {
    assert valid;
    VersionIterator top = heap[0];
    if (forward) {
      turn(false, top);
      return;
    }
    top.previous();
    sinkTop(top);
  }

  @Override
  public void close() {
    valid = false;
    heapSize = 0;
    Arrays.fill(heap, null);
    RuntimeException first = null;
    for (VersionIterator source : sources) {
      try {
        source.close();
      } catch (RuntimeException failure) {
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /** Moves every source to the other side of the current version, and the current one past it. */
  private void turn(boolean toForward, VersionIterator top) {
    int bytes = top.keyBytes;
    long at = top.trailer;
    if (turnKey.length < bytes) {
      turnKey = new byte[bytes];
    }
    top.key.get(top.keyOffset, turnKey, 0, bytes);
    for (VersionIterator source : sources) {
      if (source == top) {
        if (toForward) {
          source.next();
        } else {
          source.previous();
        }
      } else if (toForward) {
        source.seek(turnKey, 0, bytes, at);
      } else {
        source.seekBefore(turnKey, 0, bytes, at);
      }
    }
    build(toForward);
  }

  private void build(boolean toForward) {
    forward = toForward;
    heapSize = 0;
    for (VersionIterator source : sources) {
      if (source.valid) {
        heap[heapSize++] = source;
      }
    }
    Arrays.fill(heap, heapSize, heap.length, null);
    for (int i = heapSize / 2 - 1; i >= 0; i--) {
      sink(i, heap[i]);
    }
    show();
  }

  private void sinkTop(VersionIterator top) {
    if (top.valid) {
      if (heapSize > 1) {
        sink(0, top);
      }
    } else {
      VersionIterator last = heap[--heapSize];
      heap[heapSize] = null;
      if (heapSize > 0) {
        sink(0, last);
      }
    }
    show();
  }

  private void sink(int start, VersionIterator source) {
    int at = start;
    int half = heapSize >>> 1;
    while (at < half) {
      int child = 2 * at + 1;
      if (child + 1 < heapSize && precedes(heap[child + 1], heap[child])) {
        child++;
      }
      if (precedes(source, heap[child])) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = source;
  }

  private boolean precedes(VersionIterator left, VersionIterator right) {
    int order =
        Bytes.compare(
            left.key, left.keyOffset, left.keyBytes, right.key, right.keyOffset, right.keyBytes);
    if (order == 0) {
      order = Long.compare(right.trailer, left.trailer);
    }
    return forward ? order < 0 : order > 0;
  }

  private void show() {
    if (heapSize == 0) {
      valid = false;
      return;
    }
    VersionIterator top = heap[0];
    valid = true;
    key = top.key;
    keyOffset = top.keyOffset;
    keyBytes = top.keyBytes;
    trailer = top.trailer;
    value = top.value;
    valueOffset = top.valueOffset;
    valueBytes = top.valueBytes;
  }
}
