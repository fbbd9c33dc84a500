// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.wal;

import dev.varve.core.codec.Bytes;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * A segment of the log, a file {@code wal-0001.log} and so on; the name says a place, not the number:
 * a segment is used again under a new number without touching the directory. Numbers are
 * little-endian.
 *
 * <pre>
 * offset  bytes
 *      0      8  magic "VarveLog"
 *      8      4  format version
 *     12      4  salt: random, drawn anew with each number
 *     16      8  number of the segment, from 1; rises, and is never used twice
 *     24      8  size in bytes
 *     32      4  CRC-32C of bytes 0 to 31
 *     64         records, each at a multiple of 8
 *
 * record
 *      0      4  payload length
 *      4      4  CRC-32C of the record without this field (in a SKIP, of its first 24 bytes), exclusive
 *                or the salt; so what an earlier use of the segment left is not taken for a record,
 *                not even if it was made to look like one
 *      8      8  kind in the upper 4 bits, commit timestamp in the others
 *     16      4  epoch: the low half of the segment's number
 *     20      4  confirmed: everything in the log before this offset of the segment had been forced
 *                when the record was written; 0: nothing is said
 *     24         payload
 *
 * kind
 *      0  COMMIT    payload: operations as {@code Operations} lays them out
 *      1  SKIP      payload: room that was taken and is not used
 *      2  NEXT      payload: number of the segment in which the log goes on (8 bytes)
 *      3  CLOSED    no payload; the log was closed in good order here
 * </pre>
 *
 * A position in the log is one number: segment number times 2^31, plus offset.
 */
public final class WalFormat {
  static final long MAGIC = 0x676f_4c65_7672_6156L;
  static final int VERSION = 1;

  static final int VERSION_AT = 8;
  static final int SALT_AT = 12;
  static final int NUMBER_AT = 16;
  static final int SIZE_AT = 24;
  static final int HEADER_CRC_AT = 32;
  static final int RECORDS_AT = 64;

  static final int CRC_AT = 4;
  static final int TIMESTAMP_AT = 8;
  static final int EPOCH_AT = 16;
  static final int CONFIRMED_AT = 20;
  static final int RECORD_HEADER_BYTES = 24;

  static final int KIND_SHIFT = 60;
  static final long TIMESTAMP_MASK = (1L << KIND_SHIFT) - 1;
  static final int COMMIT = 0;
  static final int SKIP = 1;
  static final int NEXT = 2;
  static final int CLOSED = 3;

  /** The longest payload of a record: a segment is a mapping of at most 2 GiB - 1. */
  public static final int MAX_PAYLOAD_BYTES =
      Integer.MAX_VALUE - RECORDS_AT - 3 * RECORD_HEADER_BYTES - 16;

  private static final int SEGMENT_SHIFT = 31;
  private static final String PREFIX = "wal-";
  private static final String SUFFIX = ".log";

  private WalFormat() {}

  /** The number of the segment in which {@code position} lies. */
  public static long segment(long position) {
    return position >>> SEGMENT_SHIFT;
  }

  /** The offset of {@code position} in its segment. */
  public static int offset(long position) {
    return (int) position & Integer.MAX_VALUE;
  }

  /** The position of an offset in a segment. */
  public static long position(long segment, int offset) {
    return segment << SEGMENT_SHIFT | offset;
  }

  /** What a record of {@code kind} is called. */
  public static String kindName(int kind) {
    return switch (kind) {
      case COMMIT -> "commit";
      case SKIP -> "skip";
      case NEXT -> "next";
      case CLOSED -> "closed";
      default -> "unknown " + kind;
    };
  }

  static String fileName(int place) {
    return String.format(Locale.ROOT, "%s%04d%s", PREFIX, place, SUFFIX);
  }

  /** The place that a file's name says; 0 if it is none of a segment. */
  static int place(String fileName) {
    if (!fileName.startsWith(PREFIX) || !fileName.endsWith(SUFFIX)) {
      return 0;
    }
    try {
      return Integer.parseInt(fileName, PREFIX.length(), fileName.length() - SUFFIX.length(), 10);
    } catch (NumberFormatException foreign) {
      return 0;
    }
  }

  /** The bytes a record takes. */
  static long recordBytes(long payloadBytes) {
    return RECORD_HEADER_BYTES + payloadBytes + 7 & -8L;
  }

  static void writeHeader(ByteBuffer segment, long number, int salt) {
    byte[] header = new byte[RECORDS_AT];
    ByteBuffer view = ByteBuffer.wrap(header);
    Bytes.setLongLE(view, 0, MAGIC);
    Bytes.setIntLE(view, VERSION_AT, VERSION);
    Bytes.setIntLE(view, SALT_AT, salt);
    Bytes.setLongLE(view, NUMBER_AT, number);
    Bytes.setLongLE(view, SIZE_AT, segment.capacity());
    CRC32C crc = new CRC32C();
    crc.update(header, 0, HEADER_CRC_AT);
    Bytes.setIntLE(view, HEADER_CRC_AT, (int) crc.getValue());
    segment.put(0, header);
  }

  /** The number of a segment, or 0 if its header is damaged or there is none. */
  static long readHeader(ByteBuffer segment) {
    if (segment.capacity() < RECORDS_AT + RECORD_HEADER_BYTES
        || Bytes.longLE(segment, 0) != MAGIC
        || Bytes.intLE(segment, VERSION_AT) != VERSION
        || Bytes.longLE(segment, SIZE_AT) != segment.capacity()) {
      return 0;
    }
    byte[] header = new byte[HEADER_CRC_AT];
    segment.get(0, header);
    CRC32C crc = new CRC32C();
    crc.update(header, 0, HEADER_CRC_AT);
    return (int) crc.getValue() == Bytes.intLE(segment, HEADER_CRC_AT)
        ? Bytes.longLE(segment, NUMBER_AT)
        : 0;
  }
}
