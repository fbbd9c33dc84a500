// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.wal;

import static dev.varve.lsm.wal.WalFormat.CONFIRMED_AT;
import static dev.varve.lsm.wal.WalFormat.CRC_AT;
import static dev.varve.lsm.wal.WalFormat.EPOCH_AT;
import static dev.varve.lsm.wal.WalFormat.KIND_SHIFT;
import static dev.varve.lsm.wal.WalFormat.RECORDS_AT;
import static dev.varve.lsm.wal.WalFormat.RECORD_HEADER_BYTES;
import static dev.varve.lsm.wal.WalFormat.TIMESTAMP_AT;
import static dev.varve.lsm.wal.WalFormat.TIMESTAMP_MASK;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.core.codec.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log in order and finds its end. One thread.
 *
 * <p>The log ends at the first record that is not whole: there a process died or the power failed
 * while it was written. Whether that is so, or bytes have been damaged later, is told by what follows:
 *
 * <ul>
 *   <li>R1. If a whole record that follows says that the log had been forced beyond the bad one, or
 *       the log is known to have been whole beyond it, bytes were damaged: an error.
 *   <li>R2. Else no promise covers the bad record, nor any that follows: they are left out, for
 *       commits become readable, and are acknowledged, only in order.
 * </ul>
 *
 * <p>Damage in the last records, with nothing after them that confirms them, looks like the trace of
 * a power cut. After an orderly close there is always a record that confirms.
 */
public final class WalReader {
  /** Receives the commits. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * One commit. The array is the reader's, valid during the call.
     *
     * @param end the log position behind it
     */
    void commit(long timestamp, long end, byte[] operations, int offset, int length);
  }

  /** Receives every record, for the inspector. */
  @FunctionalInterface
  public interface RecordVisitor {
    /** One whole record of any kind; kinds as {@link WalFormat} numbers them. */
    void record(long position, int kind, long timestamp, int payloadBytes);
  }

  /**
   * Where a log ends.
   *
   * @param position behind the last whole record
   * @param lastTimestamp of the last commit read; 0 if none was
   * @param closed whether the log was closed in good order
   * @param nextNumber the segment that the log was to go on in, or 0
   */
  public record End(long position, long lastTimestamp, boolean closed, long nextNumber) {}

  private static final int NO_RECORD = -1;

  private final TreeMap<Long, WalSegment> segments = new TreeMap<>();
  private final CRC32C crc = new CRC32C();
  private byte[] record = new byte[1 << 16];

  // The record that was read last.
  private int kind;
  private long timestamp;
  private int payloadBytes;

  WalReader(Collection<WalSegment> live) {
    for (WalSegment segment : live) {
      WalSegment twin = segments.put(segment.number, segment);
      if (twin != null) {
        throw ErrorCode.CORRUPTION
            .error("Two files claim to be the same segment of the log.")
            .fact("file", segment.path)
            .fact("other", twin.path)
            .fact("segment", segment.number)
            .build();
      }
    }
  }

  /**
   * Hands out all commits from {@code from} on whose timestamps are later than {@code after}.
   *
   * @param from a position where a record begins or may begin; 0: the beginning of the first segment
   * @param wholeUntil a position up to which the log is known to be whole; 0 if that is not known
   * @throws VarveException {@code CORRUPTION} by rule R1
   */
  public End replay(
      long from, long after, long wholeUntil, Visitor visitor, @Nullable RecordVisitor records) {
    if (segments.isEmpty()) {
      long begin = Math.max(from, WalFormat.position(1, RECORDS_AT));
      return checkWhole(new End(begin, 0, false, 0), wholeUntil);
    }
    long number = Math.max(1, WalFormat.segment(from));
    int offset = Math.max(RECORDS_AT, WalFormat.offset(from));
    long lastTimestamp = 0;
    for (; ; ) {
      WalSegment segment = segments.get(number);
      if (segment == null) {
        requireNoneAfter(number);
        return checkWhole(
            new End(WalFormat.position(number, offset), lastTimestamp, false, number), wholeUntil);
      }
      int bytes = read(segment, offset);
      if (bytes == NO_RECORD) {
        throwIfConfirmed(segment, offset, wholeUntil);
        return new End(WalFormat.position(number, offset), lastTimestamp, false, 0);
      }
      if (records != null) {
        records.record(WalFormat.position(number, offset), kind, timestamp, payloadBytes);
      }
      switch (kind) {
        case WalFormat.COMMIT -> {
          lastTimestamp = timestamp;
          if (timestamp > after) {
            visitor.commit(
                timestamp,
                WalFormat.position(number, offset + bytes),
                record,
                RECORD_HEADER_BYTES,
                payloadBytes);
          }
          offset += bytes;
        }
        case WalFormat.SKIP -> offset += bytes;
        case WalFormat.NEXT -> {
          long next = Bytes.longLE(ByteBuffer.wrap(record), RECORD_HEADER_BYTES);
          if (!segments.containsKey(next)) {
            requireNoneAfter(next);
            return checkWhole(
                new End(WalFormat.position(number, offset), lastTimestamp, false, next),
                wholeUntil);
          }
          number = next;
          offset = RECORDS_AT;
        }
        default -> {
          return checkWhole(
              new End(WalFormat.position(number, offset), lastTimestamp, true, 0), wholeUntil);
        }
      }
    }
  }

  private static End checkWhole(End end, long wholeUntil) {
    if (end.position < wholeUntil) {
      throw ErrorCode.CORRUPTION
          .error("The log ends before a commit that was acknowledged.")
          .fact("endsInSegment", WalFormat.segment(end.position))
          .fact("endsAtOffset", WalFormat.offset(end.position))
          .fact("wholeUntilSegment", WalFormat.segment(wholeUntil))
          .fact("wholeUntilOffset", WalFormat.offset(wholeUntil))
          .hint("Restore a backup, or run salvage.")
          .build();
    }
    return end;
  }

  /** Rule R1 where a whole segment is missing. */
  private void requireNoneAfter(long missing) {
    for (WalSegment later : segments.tailMap(missing, false).values()) {
      if (confirms(later, RECORDS_AT)) {
        throw ErrorCode.CORRUPTION
            .error("A segment of the log is missing.")
            .fact("segment", missing)
            .fact("laterSegment", later.number)
            .fact("laterFile", later.path)
            .hint("Restore a backup, or run salvage.")
            .build();
      }
    }
  }

  /** Whether a segment without a good header holds a whole record after one that had been forced. */
  static boolean confirmsItself(WalSegment headless, long number) {
    int salt = saltOfFirstRecord(headless.buffer);
    WalSegment guess = new WalSegment(headless.path, headless.file, number, salt);
    return new WalReader(List.of(guess)).confirms(guess, RECORDS_AT + 1);
  }

  /** The salt with which the first record of a segment is whole. */
  private static int saltOfFirstRecord(ByteBuffer segment) {
    int length = Bytes.intLE(segment, RECORDS_AT);
    int room = segment.capacity() - RECORDS_AT - RECORD_HEADER_BYTES;
    if (length < 0 || length > room) {
      return 0;
    }
    byte[] bytes = new byte[RECORD_HEADER_BYTES + length];
    segment.get(RECORDS_AT, bytes);
    CRC32C crc = new CRC32C();
    WalRecordWriter.beginCrc(crc, bytes);
    crc.update(bytes, RECORD_HEADER_BYTES, length);
    return (int) crc.getValue() ^ Bytes.intLE(segment, RECORDS_AT + CRC_AT);
  }

  /** Whether a record of the segment says that {@code offset} or more of it had been forced. */
  private boolean confirms(WalSegment segment, int offset) {
    for (int at = RECORDS_AT; ; ) {
      int bytes = read(segment, at);
      if (bytes == NO_RECORD) {
        return false;
      }
      if (Bytes.intLE(segment.buffer, at + CONFIRMED_AT) >= offset) {
        return true;
      }
      at += bytes;
    }
  }

  /** Reads the record at {@code offset} into the fields; returns its bytes or NO_RECORD. */
  private int read(WalSegment segment, int offset) {
    ByteBuffer buffer = segment.buffer;
    long room = (long) buffer.capacity() - offset - RECORD_HEADER_BYTES;
    if (room < 0 || Bytes.intLE(buffer, offset + EPOCH_AT) != (int) segment.number) {
      return NO_RECORD;
    }
    int length = Bytes.intLE(buffer, offset);
    long kindAndTimestamp = Bytes.longLE(buffer, offset + TIMESTAMP_AT);
    int readKind = (int) (kindAndTimestamp >>> KIND_SHIFT);
    if (length < 0 || length > room || readKind > WalFormat.CLOSED) {
      return NO_RECORD;
    }
    int checked = RECORD_HEADER_BYTES + (readKind == WalFormat.SKIP ? 0 : length);
    if (checked > record.length) {
      record = new byte[(int) Math.min(Integer.MAX_VALUE - 64L, checked + (long) (checked >>> 2))];
    }
    buffer.get(offset, record, 0, checked);
    WalRecordWriter.beginCrc(crc, record);
    crc.update(record, RECORD_HEADER_BYTES, checked - RECORD_HEADER_BYTES);
    if (((int) crc.getValue() ^ segment.salt) != Bytes.intLE(buffer, offset + CRC_AT)) {
      return NO_RECORD;
    }
    kind = readKind;
    timestamp = kindAndTimestamp & TIMESTAMP_MASK;
    payloadBytes = length;
    return (int) Math.min(Integer.MAX_VALUE, WalFormat.recordBytes(length));
  }

  /** Rule R1. */
  private void throwIfConfirmed(WalSegment bad, int offset, long wholeUntil) {
    long badPosition = WalFormat.position(bad.number, offset);
    boolean confirmed = badPosition < wholeUntil;
    int foundCrc =
        offset + RECORD_HEADER_BYTES <= bad.buffer.capacity()
            ? Bytes.intLE(bad.buffer, offset + CRC_AT)
            : 0;
    long salvageable = 0;
    long first = 0;
    long last = 0;
    for (WalSegment segment : segments.tailMap(bad.number).values()) {
      int at = segment == bad ? offset + 8 : RECORDS_AT;
      int end = segment.buffer.capacity() - RECORD_HEADER_BYTES;
      while (at <= end) {
        // An epoch of its own is rare in what is not a record, so most places are left at once.
        int bytes =
            Bytes.intLE(segment.buffer, at + EPOCH_AT) == (int) segment.number
                ? read(segment, at)
                : NO_RECORD;
        if (bytes == NO_RECORD) {
          at += 8;
          continue;
        }
        int says = Bytes.intLE(segment.buffer, at + CONFIRMED_AT);
        confirmed |= segment == bad ? says > offset : says >= RECORDS_AT;
        if (kind == WalFormat.COMMIT) {
          salvageable++;
          first = first == 0 ? timestamp : first;
          last = timestamp;
        }
        at += bytes;
      }
    }
    // Where a writer is at work the record may have been filled meanwhile; then it is no damage.
    if (confirmed && read(bad, offset) == NO_RECORD) {
      throw ErrorCode.CORRUPTION
          .error("A record of the log is damaged.")
          .fact("file", bad.path)
          .fact("offset", offset)
          .fact("segment", bad.number)
          .fact("foundCrc", Integer.toHexString(foundCrc))
          .fact("wholeCommitsAfter", salvageable)
          .fact("firstTimestamp", first)
          .fact("lastTimestamp", last)
          .hint("Restore a backup, or run salvage, which takes the whole commits after it.")
          .build();
    }
  }

  /** Hands out every whole commit of every segment, whatever is damaged between them. */
  void salvage(Visitor visitor) {
    for (WalSegment segment : segments.values()) {
      int at = RECORDS_AT;
      int end = segment.buffer.capacity() - RECORD_HEADER_BYTES;
      while (at <= end) {
        boolean maybe = Bytes.intLE(segment.buffer, at + EPOCH_AT) == (int) segment.number;
        int bytes = maybe ? read(segment, at) : NO_RECORD;
        if (bytes == NO_RECORD) {
          at += 8;
          continue;
        }
        if (kind == WalFormat.COMMIT) {
          long behind = WalFormat.position(segment.number, at + bytes);
          visitor.commit(timestamp, behind, record, RECORD_HEADER_BYTES, payloadBytes);
        }
        at += bytes;
      }
    }
  }

  /** Lets go of memory for large records. */
  void trim() {
    record = Arrays.copyOf(record, Math.min(record.length, 1 << 16));
  }
}
