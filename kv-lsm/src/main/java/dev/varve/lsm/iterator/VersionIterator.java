// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.iterator;

import java.nio.ByteBuffer;

/**
 * Walks the point versions (puts and deletes) of a source in order: user key ascending as unsigned
 * bytes, then trailer descending, so that the newest version of a key comes first. Range tombstones
 * are not among them. One thread at a time; the creator closes.
 *
 * <p>The current version is in fields, set by the subclass at every move, so that a merge compares
 * heads without a virtual call. {@code key} and {@code value} may be the same buffer, the source's
 * own; they are valid until the next move, and no one changes their position or limit.
 */
public abstract class VersionIterator implements AutoCloseable {
  /** Whether there is a current version; the other fields mean something only then. */
  protected boolean valid;

  /** Holds the current key. */
  protected ByteBuffer key;

  protected int keyOffset;
  protected int keyBytes;

  /** Timestamp and kind; see {@code dev.varve.lsm.key.Trailer}. */
  protected long trailer;

  /** Holds the current value; of no meaning for a delete. */
  protected ByteBuffer value;

  protected int valueOffset;
  protected int valueBytes;

  /** An iterator that stands nowhere until it is moved; {@code empty} stands in for its buffers. */
  protected VersionIterator(ByteBuffer empty) {
    this.key = empty;
    this.value = empty;
  }

  /** Moves to the first version. */
  public abstract void seekToFirst();

  /** Moves to the last version. */
  public abstract void seekToLast();

  /**
   * Moves to the first version at or after (key, trailer) in the order above; so with trailer = a
   * read timestamp's greatest trailer, to the newest version that read may see, if the key is there.
   */
  public abstract void seek(byte[] array, int offset, int bytes, long atTrailer);

  /** Moves to the last version that lies before (key, trailer) in the order above. */
  public abstract void seekBefore(byte[] array, int offset, int bytes, long atTrailer);

  /** Moves on by one version; only when {@link #isValid}. */
  public abstract void next();

  /** Moves back by one version; only when {@link #isValid}. */
  public abstract void previous();

  @Override
  public abstract void close();

  /** Whether there is a current version. */
  public final boolean isValid() {
    return valid;
  }

  public final ByteBuffer keyBuffer() {
    return key;
  }

  public final int keyOffset() {
    return keyOffset;
  }

  public final int keyBytes() {
    return keyBytes;
  }

  public final long trailer() {
    return trailer;
  }

  public final ByteBuffer valueBuffer() {
    return value;
  }

  public final int valueOffset() {
    return valueOffset;
  }

  public final int valueBytes() {
    return valueBytes;
  }
}
