// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.key;

import java.nio.ByteBuffer;

/**
 * The range tombstones of one source: each removes, from a lower bound inclusive to an upper bound
 * exclusive, every version with a lesser timestamp than its own. Point versions of the same commit
 * have the same timestamp and are thus not removed. Safe to read from any thread.
 */
public interface RangeTombstones {
  /** Of a source that has none. */
  RangeTombstones NONE =
      new RangeTombstones() {
        @Override
        public boolean isEmpty() {
          return true;
        }

        @Override
        public long newestCovering(byte[] key, int offset, int bytes, long readTimestamp) {
          return 0;
        }

        @Override
        public long newestCovering(ByteBuffer key, int offset, int bytes, long readTimestamp) {
          return 0;
        }

        @Override
        public void forEach(Visitor visitor) {}
      };

  /** Whether there is none; asked on every read, so it must be a field's load. */
  boolean isEmpty();

  /**
   * The timestamp of the newest tombstone at or before {@code readTimestamp} that covers the user key,
   * or 0.
   */
  long newestCovering(byte[] key, int offset, int bytes, long readTimestamp);

  /** As above, for a key in a buffer. */
  long newestCovering(ByteBuffer key, int offset, int bytes, long readTimestamp);

  /** Hands out every tombstone; in what order and fragmentation is up to the source. */
  void forEach(Visitor visitor);

  /** Receives tombstones. */
  @FunctionalInterface
  interface Visitor {
    /** One tombstone; the arrays are the receiver's to keep. */
    void tombstone(byte[] from, byte[] to, long timestamp);
  }
}
