// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.spill;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import java.util.Arrays;
import java.util.List;

/**
 * A sequence of batches in a temporary file that several sequences may share. First written, then read
 * any number of times. Not thread-safe.
 */
public final class SpilledRows {
  private final List<SqlType> types;
  private final SpillFile file;
  private final BatchFormat format;
  private long[] offsets = new long[4];
  private int[] lengths = new int[4];
  private int chunks;
  private long count;

  /** An empty sequence of rows of {@code types}. */
  public SpilledRows(List<SqlType> types, SpillFile file) {
    this.types = types;
    this.file = file;
    this.format = new BatchFormat();
  }

  /** Writes the selected rows of a batch. */
  public void append(Batch batch) {
    if (batch.count() == 0) {
      return;
    }
    int length = format.encode(batch, types.size());
    if (chunks == offsets.length) {
      offsets = Arrays.copyOf(offsets, chunks * 2);
      lengths = Arrays.copyOf(lengths, chunks * 2);
    }
    offsets[chunks] = file.append(format.bytes(), length);
    lengths[chunks++] = length;
    count += batch.count();
  }

  /** Lets the buffer go that writing needs. */
  public void finish() {
    format.release();
  }

  /** The number of rows. */
  public long count() {
    return count;
  }

  /** The types of the columns. */
  public List<SqlType> types() {
    return types;
  }

  /** A reader from the first batch. */
  public Reader reader() {
    return new Reader();
  }

  /** Reads the batches in order. */
  public final class Reader {
    private final Batch batch = Batch.allocate(types, 1);
    private byte[] bytes = new byte[0];
    private int chunk;

    private Reader() {}

    /** The next batch, valid until the next call; null at the end. */
    public @org.jspecify.annotations.Nullable Batch next() {
      if (chunk == chunks) {
        return null;
      }
      int length = lengths[chunk];
      if (bytes.length < length) {
        bytes = new byte[length];
      }
      file.read(offsets[chunk++], bytes, length);
      BatchFormat.decode(bytes, batch);
      return batch;
    }
  }
}
