// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.wal;

import static dev.varve.lsm.wal.WalFormat.CONFIRMED_AT;
import static dev.varve.lsm.wal.WalFormat.CRC_AT;
import static dev.varve.lsm.wal.WalFormat.EPOCH_AT;
import static dev.varve.lsm.wal.WalFormat.KIND_SHIFT;
import static dev.varve.lsm.wal.WalFormat.RECORD_HEADER_BYTES;
import static dev.varve.lsm.wal.WalFormat.TIMESTAMP_AT;

import dev.varve.core.store.Operations;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Lays records out. Holds a checksum and a small array, so that writing allocates nothing. One thread
 * at a time.
 */
public final class WalRecordWriter {
  private static final VarHandle INT_LE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG_LE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Records up to this length are laid out here and copied at once. */
  private static final int SCRATCH_BYTES = 1024;

  private static final int MAX_OPERATION_HEADER_BYTES = 11;

  private final byte[] scratch = new byte[SCRATCH_BYTES];
  private final CRC32C crc = new CRC32C();

  /** With its own scratch memory. */
  public WalRecordWriter() {}

  /** The payload bytes of a single put. */
  public static int putBytes(int keyBytes, int valueBytes) {
    return Math.addExact(
        1 + varintBytes(keyBytes) + varintBytes(valueBytes) + keyBytes, valueBytes);
  }

  /** Writes a commit of operations. */
  public void commit(
      WalSegment segment,
      int at,
      int confirmed,
      long timestamp,
      byte[] operations,
      int offset,
      int length) {
    header(length, WalFormat.COMMIT, timestamp, segment, confirmed);
    if (length <= SCRATCH_BYTES - RECORD_HEADER_BYTES) {
      System.arraycopy(operations, offset, scratch, RECORD_HEADER_BYTES, length);
      finishInScratch(segment, at, RECORD_HEADER_BYTES + length);
      return;
    }
    beginCrc();
    crc.update(operations, offset, length);
    segment.buffer.put(at + RECORD_HEADER_BYTES, operations, offset, length);
    finishHeader(segment, at);
  }

  /** Writes a commit of a single put. */
  public void put(
      WalSegment segment,
      int at,
      int confirmed,
      long timestamp,
      byte[] key,
      int keyOffset,
      int keyBytes,
      byte[] value,
      int valueOffset,
      int valueBytes) {
    int length = putBytes(keyBytes, valueBytes);
    header(length, WalFormat.COMMIT, timestamp, segment, confirmed);
    int to = RECORD_HEADER_BYTES;
    scratch[to++] = Operations.PUT;
    to = varint(to, keyBytes);
    to = varint(to, valueBytes);
    if (length <= SCRATCH_BYTES - RECORD_HEADER_BYTES) {
      System.arraycopy(key, keyOffset, scratch, to, keyBytes);
      System.arraycopy(value, valueOffset, scratch, to + keyBytes, valueBytes);
      finishInScratch(segment, at, RECORD_HEADER_BYTES + length);
      return;
    }
    assert to <= RECORD_HEADER_BYTES + MAX_OPERATION_HEADER_BYTES;
    beginCrc();
    crc.update(scratch, RECORD_HEADER_BYTES, to - RECORD_HEADER_BYTES);
    crc.update(key, keyOffset, keyBytes);
    crc.update(value, valueOffset, valueBytes);
    segment.buffer.put(
        at + RECORD_HEADER_BYTES, scratch, RECORD_HEADER_BYTES, to - RECORD_HEADER_BYTES);
    segment.buffer.put(at + to, key, keyOffset, keyBytes);
    segment.buffer.put(at + to + keyBytes, value, valueOffset, valueBytes);
    finishHeader(segment, at);
  }

  /** Writes that {@code length} bytes of payload are not used. */
  void skip(WalSegment segment, int at, int confirmed, long timestamp, int length) {
    header(length, WalFormat.SKIP, timestamp, segment, confirmed);
    beginCrc();
    finishHeader(segment, at);
  }

  /** Writes in which segment the log goes on. */
  void next(WalSegment segment, int at, long number) {
    header(Long.BYTES, WalFormat.NEXT, 0, segment, 0);
    LONG_LE.set(scratch, RECORD_HEADER_BYTES, number);
    finishInScratch(segment, at, RECORD_HEADER_BYTES + Long.BYTES);
  }

  /** Writes that the log was closed; everything before has been forced. */
  void closed(WalSegment segment, int at) {
    header(0, WalFormat.CLOSED, 0, segment, at);
    finishInScratch(segment, at, RECORD_HEADER_BYTES);
  }

  private void header(int length, int kind, long timestamp, WalSegment segment, int confirmed) {
    INT_LE.set(scratch, 0, length);
    LONG_LE.set(scratch, TIMESTAMP_AT, (long) kind << KIND_SHIFT | timestamp);
    INT_LE.set(scratch, EPOCH_AT, (int) segment.number);
    INT_LE.set(scratch, CONFIRMED_AT, confirmed);
  }

  private void beginCrc() {
    beginCrc(crc, scratch);
  }

  /** Takes a record's header into a checksum, but for the checksum itself. */
  static void beginCrc(CRC32C crc, byte[] header) {
    crc.reset();
    crc.update(header, 0, CRC_AT);
    crc.update(header, TIMESTAMP_AT, RECORD_HEADER_BYTES - TIMESTAMP_AT);
  }

  private void finishHeader(WalSegment segment, int at) {
    INT_LE.set(scratch, CRC_AT, (int) crc.getValue() ^ segment.salt);
    segment.buffer.put(at, scratch, 0, RECORD_HEADER_BYTES);
  }

  private void finishInScratch(WalSegment segment, int at, int bytes) {
    crc.reset();
    crc.update(scratch, 0, CRC_AT);
    crc.update(scratch, TIMESTAMP_AT, bytes - TIMESTAMP_AT);
    INT_LE.set(scratch, CRC_AT, (int) crc.getValue() ^ segment.salt);
    segment.buffer.put(at, scratch, 0, bytes);
  }

  private int varint(int at, int value) {
    int to = at;
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      scratch[to++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    scratch[to++] = (byte) rest;
    return to;
  }

  private static int varintBytes(int value) {
    return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
  }
}
