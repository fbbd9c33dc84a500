// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.memory;

import java.nio.ByteBuffer;

/**
 * A piece of off-heap memory with one owner, who closes it. On Java 22 and later closing unmaps or
 * frees at once and a later access throws {@link IllegalStateException}; before, the collector frees
 * what is no longer referenced. Whoever shares a region must therefore make sure by its own means
 * (pins, reference counts) that none is closed under a reader.
 */
public interface Region extends AutoCloseable {
  /**
   * The whole region, position 0, limit = capacity; little-endian is not set: use the codecs. The
   * same object at every call, so that accesses stay monomorphic and allocate nothing; never change
   * its position or limit.
   */
  ByteBuffer buffer();

  /** Its size in bytes. */
  long sizeBytes();

  /** Frees it. Idempotent. */
  @Override
  void close();
}
