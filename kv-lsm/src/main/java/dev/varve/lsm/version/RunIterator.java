// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.version;

import dev.varve.lsm.iterator.VersionIterator;
import dev.varve.lsm.table.TableIterator;
import java.nio.ByteBuffer;

/**
 * Walks the versions of a sorted run, one table after the other, with one table iterator that is
 * reset from table to table. Whoever creates it keeps the version alive that the run belongs to.
 */
public final class RunIterator extends VersionIterator {
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private final SortedRun run;
  private final boolean fillCache;
  private final TableIterator tables = new TableIterator();
  private int index = -1;

  /** Stands nowhere in {@code run}. */
  public RunIterator(SortedRun run, boolean fillCache) {
    super(EMPTY);
    this.run = run;
    this.fillCache = fillCache;
  }

  @Override
  public void seekToFirst() {
    if (turnTo(0)) {
      tables.seekToFirst();
    }
    settleForward();
  }

  @Override
  public void seekToLast() {
    if (turnTo(run.size() - 1)) {
      tables.seekToLast();
    }
    settleBackward();
  }

  @Override
  public void seek(byte[] array, int offset, int bytes, long atTrailer) {
    if (turnTo(run.find(array, offset, bytes))) {
      tables.seek(array, offset, bytes, atTrailer);
    }
    settleForward();
  }

  @Override
  public void seekBefore(byte[] array, int offset, int bytes, long atTrailer) {
    int at = run.find(array, offset, bytes);
    while (at + 1 < run.size()
        && run.continues(at + 1)
        && !run.startsAfter(at + 1, array, offset, bytes)) {
      at++;
    }
    if (turnTo(Math.min(at, run.size() - 1))) {
      tables.seekBefore(array, offset, bytes, atTrailer);
    }
    settleBackward();
  }

  @Override
  public void next() {
    tables.next();
    if (tables.isValid()) {
      show();
    } else {
      settleForward();
    }
  }

  @Override
  public void previous() {
    tables.previous();
    if (tables.isValid()) {
      show();
    } else {
      settleBackward();
    }
  }

  @Override
  public void close() {
    valid = false;
    tables.close();
  }

  private boolean turnTo(int to) {
    if (to < 0 || to >= run.size()) {
      index = -1;
      return false;
    }
    if (to != index) {
      index = to;
      tables.reset(run.file(to).reader(), fillCache);
    }
    return true;
  }

  private void settleForward() {
    while (index >= 0 && !tables.isValid()) {
      if (turnTo(index + 1)) {
        tables.seekToFirst();
      }
    }
    show();
  }

  private void settleBackward() {
    while (index >= 0 && !tables.isValid()) {
      if (turnTo(index - 1)) {
        tables.seekToLast();
      }
    }
    show();
  }

  private void show() {
    if (index < 0) {
      valid = false;
      return;
    }
    valid = true;
    key = tables.keyBuffer();
    keyOffset = tables.keyOffset();
    keyBytes = tables.keyBytes();
    trailer = tables.trailer();
    value = tables.valueBuffer();
    valueOffset = tables.valueOffset();
    valueBytes = tables.valueBytes();
  }
}
