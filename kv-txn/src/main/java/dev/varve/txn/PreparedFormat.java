// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.ErrorCode;
import dev.varve.KeyRange;
import dev.varve.VarveException;
import dev.varve.core.store.Operations;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How prepared transactions stand in the store, in a keyspace of their own.
 *
 * <pre>
 * key:     bytes of the global id, 2 bytes big-endian | global id, UTF-8 | sequence, 4 bytes big-endian
 * value of sequence 0, the header:   version, 1 byte: 1 | number of chunks, 4 bytes big-endian
 * value of sequence 1 .., a chunk:   records
 * record:  kind, 1 byte | first length, 4 bytes big-endian | second length, 4 bytes | first | second
 *          kind 1 put, 2 delete, 3 range delete: as operations, in the order of their keys over all chunks
 *          kind 4 row locked shared, 5 row locked exclusively: first is the row
 *          kind 6 range locked shared, 7 range locked exclusively: first and second are its bounds
 * </pre>
 *
 * The header is written last: without it the transaction was never prepared. Keys of rows are physical.
 */
final class PreparedFormat {
  static final int KEYSPACE = 3;
  static final byte ROW_SHARED = 4;
  static final byte ROW_EXCLUSIVE = 5;
  static final byte RANGE_SHARED = 6;
  static final byte RANGE_EXCLUSIVE = 7;

  private static final byte VERSION = 1;
  private static final int HEADER_BYTES = 1 + Integer.BYTES;
  private static final int RECORD_HEADER_BYTES = 1 + 2 * Integer.BYTES;

  private PreparedFormat() {}

  /** Receives the records of a chunk; arrays are the chunk's own. */
  interface Visitor {
    void record(
        byte kind,
        byte[] chunk,
        int firstOffset,
        int firstBytes,
        int secondOffset,
        int secondBytes);
  }

  static byte[] key(String globalId, int sequence) {
    byte[] id = globalId.getBytes(StandardCharsets.UTF_8);
    byte[] key =
        ByteBuffer.allocate(Short.BYTES + id.length + Integer.BYTES)
            .putShort((short) id.length)
            .put(id)
            .putInt(sequence)
            .array();
    return PhysicalKey.of(KEYSPACE, key);
  }

  static String globalId(byte[] physicalKey) {
    byte[] key = PhysicalKey.userKey(physicalKey);
    int length = ByteBuffer.wrap(key).getShort() & 0xffff;
    return new String(key, Short.BYTES, length, StandardCharsets.UTF_8);
  }

  static int sequence(byte[] physicalKey) {
    return ByteBuffer.wrap(physicalKey).getInt(physicalKey.length - Integer.BYTES);
  }

  /** The physical keys of everything that belongs to a global id. */
  static KeyRange all(String globalId) {
    byte[] first = key(globalId, 0);
    return KeyRange.prefix(Arrays.copyOf(first, first.length - Integer.BYTES));
  }

  static byte[] header(int chunks) {
    return ByteBuffer.allocate(HEADER_BYTES).put(VERSION).putInt(chunks).array();
  }

  static int chunks(String globalId, byte[] header) {
    if (header.length != HEADER_BYTES || header[0] != VERSION) {
      throw corrupt(globalId, "header", header.length);
    }
    return ByteBuffer.wrap(header).getInt(1);
  }

  static VarveException corrupt(String globalId, String part, long found) {
    return ErrorCode.CORRUPTION
        .error("A prepared transaction cannot be read.")
        .fact("globalId", globalId)
        .fact("part", part)
        .fact("found", found)
        .build();
  }

  /** The bytes that a record takes. */
  static long recordBytes(int firstBytes, int secondBytes) {
    return (long) RECORD_HEADER_BYTES + firstBytes + secondBytes;
  }

  static void putRecord(
      ByteBuffer chunk, byte kind, byte[] first, int firstBytes, byte[] second, int secondBytes) {
    chunk.put(kind).putInt(firstBytes).putInt(secondBytes);
    chunk.put(first, 0, firstBytes).put(second, 0, secondBytes);
  }

  static void forEach(String globalId, byte[] chunk, Visitor visitor) {
    ByteBuffer buffer = ByteBuffer.wrap(chunk);
    int at = 0;
    while (at < chunk.length) {
      if (chunk.length - at < RECORD_HEADER_BYTES) {
        throw corrupt(globalId, "record", at);
      }
      int first = buffer.getInt(at + 1);
      int second = buffer.getInt(at + 1 + Integer.BYTES);
      int firstOffset = at + RECORD_HEADER_BYTES;
      if (first < 0 || second < 0 || (long) firstOffset + first + second > chunk.length) {
        throw corrupt(globalId, "record", at);
      }
      visitor.record(chunk[at], chunk, firstOffset, first, firstOffset + first, second);
      at = firstOffset + first + second;
    }
  }

  static boolean isOperation(byte kind) {
    return kind <= Operations.DELETE_RANGE;
  }
}
