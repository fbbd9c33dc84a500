// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.core.codec.Bytes;
import java.nio.ByteBuffer;

/**
 * What surrounds every block of a table, whatever it holds. All numbers little-endian.
 *
 * <pre>
 * offset  bytes  what
 * 0       4      CRC32C of everything from offset 4 to the payload's end
 * 4       2      magic {@value #MAGIC}
 * 6       1      type: 1 data, 2 filter and leaf of the index, 3 inner node of the index,
 *                4 properties, 5 range tombstones
 * 7       1      0 stored as it is, 1 LZ4
 * 8       4      stored bytes: length of the payload in the file
 * 12      4      raw bytes: its length when decompressed
 * 16             payload
 * </pre>
 *
 * A payload that is stored as it is begins at a multiple of {@value #STORED_ALIGNMENT} of the file,
 * so that it fills whole cache lines, and where it fits into a page of {@value #PAGE_BYTES} bytes, it
 * does not lie across the border of two; another one begins at a multiple of {@value #ALIGNMENT}. The
 * gap before a frame is zero bytes. A block is referred to by the offset of its payload.
 */
final class FrameFormat {
  static final int MAGIC = 0xB10C;

  static final int TYPE_DATA = 1;
  static final int TYPE_LEAF = 2;
  static final int TYPE_INNER = 3;
  static final int TYPE_PROPERTIES = 4;
  static final int TYPE_RANGE_TOMBSTONES = 5;

  static final int STORED = 0;
  static final int LZ4 = 1;

  static final int HEADER_BYTES = 16;
  static final int ALIGNMENT = 8;
  static final int STORED_ALIGNMENT = 64;
  static final int PAGE_BYTES = 4 << 10;

  /** The largest payload so that of many in a row each takes one page with its header. */
  static final int PAGE_PAYLOAD_BYTES = PAGE_BYTES - HEADER_BYTES;

  /** The largest block that is compressed; what is larger is read straight from the file. */
  static final int MAX_COMPRESSED_RAW_BYTES = 256 << 10;

  private static final int CHECKED_FROM = 4;
  private static final int KIND = 4;
  private static final int STORED_BYTES = 8;
  private static final int RAW_BYTES = 12;

  private FrameFormat() {}

  /**
   * Where the payload of a frame begins that is written next, when the file has {@code position}
   * bytes.
   */
  static long payload(long position, int compression, int storedBytes) {
    long earliest = position + HEADER_BYTES;
    if (compression != STORED) {
      return earliest + ALIGNMENT - 1 & -ALIGNMENT;
    }
    long payload = earliest + STORED_ALIGNMENT - 1 & -STORED_ALIGNMENT;
    long nextPage = payload + PAGE_BYTES - 1 & -PAGE_BYTES;
    boolean crosses = payload + storedBytes > nextPage && payload < nextPage;
    return crosses && storedBytes <= PAGE_BYTES ? nextPage : payload;
  }

  /** Writes a header without its checksum at {@code at}. */
  static void write(ByteBuffer into, int at, int type, int compression, int stored, int raw) {
    Bytes.setIntLE(into, at + KIND, MAGIC | type << 16 | compression << 24);
    Bytes.setIntLE(into, at + STORED_BYTES, stored);
    Bytes.setIntLE(into, at + RAW_BYTES, raw);
  }

  static int storedBytes(ByteBuffer file, int payload) {
    return Bytes.intLE(file, payload - HEADER_BYTES + STORED_BYTES);
  }

  static int rawBytes(ByteBuffer file, int payload) {
    return Bytes.intLE(file, payload - HEADER_BYTES + RAW_BYTES);
  }

  static int type(ByteBuffer file, int payload) {
    return Bytes.intLE(file, payload - HEADER_BYTES + KIND) >>> 16 & 0xff;
  }

  static int compression(ByteBuffer file, int payload) {
    return Bytes.intLE(file, payload - HEADER_BYTES + KIND) >>> 24;
  }

  /** Whether a frame of some type seems to stand there, with lengths that lie within the file. */
  static boolean isPlausible(ByteBuffer file, long payload, int fileBytes) {
    if (payload < HEADER_BYTES || payload > fileBytes) {
      return false;
    }
    int at = (int) payload;
    int kind = Bytes.intLE(file, at - HEADER_BYTES + KIND);
    int type = kind >>> 16 & 0xff;
    int compression = kind >>> 24;
    int stored = storedBytes(file, at);
    int raw = rawBytes(file, at);
    return (kind & 0xffff) == MAGIC
        && type >= TYPE_DATA
        && type <= TYPE_RANGE_TOMBSTONES
        && stored >= 0
        && stored <= fileBytes - at
        && (compression == STORED && raw == stored
            || compression == LZ4
                && type == TYPE_DATA
                && raw > stored
                && raw <= MAX_COMPRESSED_RAW_BYTES);
  }

  /** Whether the checksum of a plausible frame is right. */
  static boolean isIntact(ByteBuffer file, int payload) {
    return Bytes.intLE(file, payload - HEADER_BYTES) == checksum(file, payload);
  }

  private static int checksum(ByteBuffer file, int payload) {
    int from = payload - HEADER_BYTES + CHECKED_FROM;
    return BlockChecksum.of(file, from, payload + storedBytes(file, payload) - from);
  }

  /**
   * Checks a frame that must be of {@code type}: lengths first, then the checksum.
   *
   * @throws VarveException {@code CORRUPTION}
   */
  static void check(ByteBuffer file, int fileBytes, String name, long payload, int type) {
    if (!isPlausible(file, payload, fileBytes) || type(file, (int) payload) != type) {
      throw corruption("A block's header is damaged.", name, payload)
          .fact("expectedType", type)
          .fact("foundHeader", header(file, payload, fileBytes))
          .build();
    }
    int expected = Bytes.intLE(file, (int) payload - HEADER_BYTES);
    int found = checksum(file, (int) payload);
    if (expected != found) {
      throw corruption("A block's checksum does not match.", name, payload)
          .fact("bytes", storedBytes(file, (int) payload))
          .fact("expected", Integer.toHexString(expected))
          .fact("found", Integer.toHexString(found))
          .build();
    }
  }

  /** Begins the error for a damaged block. */
  static VarveException.Builder corruption(String sentence, String name, long payload) {
    return ErrorCode.CORRUPTION
        .error(sentence)
        .fact("file", name)
        .fact("offset", payload - HEADER_BYTES)
        .hint("Restore a backup, or salvage what is intact.");
  }

  private static String header(ByteBuffer file, long payload, int fileBytes) {
    if (payload < HEADER_BYTES || payload > fileBytes) {
      return "outside the file";
    }
    int at = (int) payload - HEADER_BYTES;
    return Long.toHexString(Bytes.longBE(file, at)) + Long.toHexString(Bytes.longBE(file, at + 8));
  }
}
