// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.Compression;
import java.util.function.IntUnaryOperator;

/**
 * How a table is written. Immutable; reading needs none of it.
 *
 * @param blockBytes data blocks are cut before they grow past it, unless one entry alone does
 * @param compression of data blocks
 * @param filterBits bits a key in the filter; 0 for no filter
 * @param prefixes for each keyspace, how many bytes after the keyspace prefix its look-ups by prefix
 *     give; 0 for none
 * @param maxBytes how large the file may grow
 */
public record TableOptions(
    int blockBytes,
    Compression compression,
    int filterBits,
    IntUnaryOperator prefixes,
    long maxBytes) {
  /** A mapping's limit. */
  public static final long MAX_FILE_BYTES = Integer.MAX_VALUE;

  private static final int DEFAULT_BLOCK_BYTES = FrameFormat.PAGE_PAYLOAD_BYTES;
  private static final int DEFAULT_FILTER_BITS = 10;

  /** Refuses what a format cannot hold. */
  public TableOptions {
    if (blockBytes < 64 || blockBytes > 1 << 20) {
      throw new IllegalArgumentException("blockBytes=" + blockBytes);
    }
    if (filterBits < 0 || filterBits > 64) {
      throw new IllegalArgumentException("filterBits=" + filterBits);
    }
    if (maxBytes <= 0 || maxBytes > MAX_FILE_BYTES) {
      throw new IllegalArgumentException("maxBytes=" + maxBytes);
    }
  }

  /** Blocks of a page, LZ4, a filter of ten bits a key, no prefixes. */
  public static TableOptions defaults() {
    return new TableOptions(
        DEFAULT_BLOCK_BYTES, Compression.LZ4, DEFAULT_FILTER_BITS, keyspace -> 0, MAX_FILE_BYTES);
  }

  public TableOptions blockBytes(int bytes) {
    return new TableOptions(bytes, compression, filterBits, prefixes, maxBytes);
  }

  public TableOptions compression(Compression kind) {
    return new TableOptions(blockBytes, kind, filterBits, prefixes, maxBytes);
  }

  public TableOptions filterBits(int bitsPerKey) {
    return new TableOptions(blockBytes, compression, bitsPerKey, prefixes, maxBytes);
  }

  public TableOptions prefixes(IntUnaryOperator bytesByKeyspace) {
    return new TableOptions(blockBytes, compression, filterBits, bytesByKeyspace, maxBytes);
  }

  public TableOptions maxBytes(long bytes) {
    return new TableOptions(blockBytes, compression, filterBits, prefixes, bytes);
  }
}
