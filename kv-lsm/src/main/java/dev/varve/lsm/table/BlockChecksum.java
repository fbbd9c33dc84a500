// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.zip.CRC32C;

/**
 * CRC32C of bytes that stand in a buffer, without allocation: the JDK's needs a view of just those
 * bytes or an array, so they pass through one that is borrowed from a small pool.
 */
final class BlockChecksum {
  private static final int CHUNK_BYTES = 16 << 10;
  private static final int SLOTS = 16;
  private static final AtomicReferenceArray<BlockChecksum> POOL = new AtomicReferenceArray<>(SLOTS);

  private final CRC32C crc = new CRC32C();
  private final byte[] chunk = new byte[CHUNK_BYTES];

  private BlockChecksum() {}

  /** The checksum of {@code bytes} bytes at {@code at}. */
  static int of(ByteBuffer buffer, int at, int bytes) {
    int slot = (int) Thread.currentThread().getId() & SLOTS - 1;
    BlockChecksum borrowed = POOL.getAndSet(slot, null);
    BlockChecksum checksum = borrowed == null ? new BlockChecksum() : borrowed;
    checksum.update(buffer, at, bytes);
    int result = (int) checksum.crc.getValue();
    checksum.crc.reset();
    POOL.set(slot, checksum);
    return result;
  }

  private void update(ByteBuffer buffer, int at, int bytes) {
    if (buffer.hasArray()) {
      crc.update(buffer.array(), buffer.arrayOffset() + at, bytes);
      return;
    }
    for (int done = 0; done < bytes; done += CHUNK_BYTES) {
      int length = Math.min(CHUNK_BYTES, bytes - done);
      buffer.get(at + done, chunk, 0, length);
      crc.update(chunk, 0, length);
    }
  }
}
