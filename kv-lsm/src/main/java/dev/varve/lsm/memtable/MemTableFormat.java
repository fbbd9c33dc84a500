// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * An arena. All numbers are little-endian; all offsets count bytes from the arena's beginning, are
 * multiples of 8, and 0 means none.
 *
 * <pre>
 * offset  bytes
 *      0      8  magic "VarveMem"
 *      8      4  format version
 *     12      4  state: 0 free, 1 in use
 *     16      8  number of the memtable; never used twice in a database
 *     24      8  capacity in bytes
 *     32      8  log position of its first commit
 *     40      8  base timestamp: all its commits have a later one
 *     48      1  length of the boot id, 0 to 63
 *     49     63  boot id
 *    112      4  CRC-32C of bytes 0 to 111
 *    128     64  completion record, written at even turns
 *    192     64  completion record, written at odd turns
 *    320    200  head: an index node without data, of the greatest height
 *    576         index nodes, upwards
 *     ..
 *    end         data records, downwards
 *
 * completion record: everything up to here is whole
 *      0      8  turn, 1 for the first
 *      8      8  timestamp of the newest commit that is whole
 *     16      8  log position where that commit ends
 *     24      4  where the index nodes of that commit end
 *     28      4  where its data records begin
 *     32      8  operations so far
 *     40      8  tombstones among them
 *     48      8  turn again; differs from the first when the writer died between
 *     56      8  exclusive or of the six words from 0 to 40
 *
 * index node
 *      0      4  offset of its data record; in a filler, the filler's bytes; bit 0: parity
 *      4      1  height: 1 to 24 in a version, else 0
 *      5      1  what it is: 0 a version, 1 a range tombstone, 2 a filler, which is skipped
 *      6      2  checksum of its record
 *      8 8*height  links, that of level 0 first
 *
 * link
 *      0      4  offset of the next index node on the level; bit 0: parity
 *      4      3  hint: bytes of the next node's key from position "shared" on, as a number
 *      7      1  shared: so many bytes at least both nodes' keys have in common
 *
 * data record
 *      0      8  trailer
 *      8      4  key length
 *     12      4  value length
 *     16         key, value, zeros to a multiple of 8
 * </pre>
 *
 * Parity makes the number of ones in the word even. The checksum of a record is the exclusive or of
 * its words, each rotated by 7 more bits than the one after it, folded to 16 bits. Both find every
 * single flipped bit, at next to no cost.
 *
 * <p>Keys count as followed by zeros without end where a hint reaches beyond them. A range tombstone
 * has its lower bound as key and its upper bound as value, and is not linked.
 */
public final class MemTableFormat {
  static final long MAGIC = 0x6d65_4d65_7672_6156L;
  static final int VERSION = 1;

  static final int MAGIC_AT = 0;
  static final int VERSION_AT = 8;
  static final int STATE_AT = 12;
  static final int NUMBER_AT = 16;
  static final int CAPACITY_AT = 24;
  static final int LOG_START_AT = 32;
  static final int BASE_TIMESTAMP_AT = 40;
  static final int BOOT_ID_AT = 48;
  static final int BOOT_ID_MAX_BYTES = 63;
  static final int HEADER_CRC_AT = 112;
  static final int COMPLETION_AT = 128;
  static final int COMPLETION_BYTES = 64;
  static final int HEAD_AT = 320;
  static final int INDEX_AT = 576;

  static final int STATE_FREE = 0;
  static final int STATE_IN_USE = 1;

  static final int MAX_HEIGHT = 24;
  static final int NODE_HEADER_BYTES = 8;
  static final int LINK_BYTES = 8;
  static final int HEIGHT_SHIFT = 32;
  static final int WHAT_SHIFT = 40;
  static final int CHECKSUM_SHIFT = 48;
  static final int WHAT_VERSION = 0;
  static final int WHAT_TOMBSTONE = 1;
  static final int WHAT_FILLER = 2;

  static final int HINT_BYTES = 3;
  static final int MAX_SHARED = 255;
  static final int HINT_SHIFT = 32;
  static final int SHARED_SHIFT = 56;

  static final int RECORD_KEY_BYTES_AT = 8;
  static final int RECORD_VALUE_BYTES_AT = 12;
  static final int RECORD_HEADER_BYTES = 16;

  /** The largest arena. */
  public static final int MAX_ARENA_BYTES = Integer.MAX_VALUE & -4096;

  /** What an arena holds besides nodes and records. */
  public static final int OVERHEAD_BYTES = INDEX_AT;

  /** A word of an arena. Aligned, so that it can be read and written as one. */
  static final VarHandle WORD =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle HALF =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private MemTableFormat() {}

  static int nodeBytes(int height) {
    return NODE_HEADER_BYTES + height * LINK_BYTES;
  }

  /** The bytes of a data record; may exceed an int's range. */
  static long recordBytes(long keyBytes, long valueBytes) {
    return RECORD_HEADER_BYTES + keyBytes + valueBytes + 7 & -8L;
  }

  static int linkAt(int node, int level) {
    return node + NODE_HEADER_BYTES + level * LINK_BYTES;
  }

  static long nodeHeader(int record, int height, int what, long checksum) {
    return withParity(
        checksum << CHECKSUM_SHIFT
            | (long) what << WHAT_SHIFT
            | (long) height << HEIGHT_SHIFT
            | record);
  }

  /** A word with bit 0 clear, with parity in it. */
  static long withParity(long word) {
    return word | Long.bitCount(word) & 1;
  }

  static boolean hasParity(long word) {
    return (Long.bitCount(word) & 1) == 0;
  }

  /** The offset in the lower half of a node's header or a link. */
  static int target(long word) {
    return (int) word & -8;
  }

  /** The checksum of a record, 16 bits. */
  static long checksum(ByteBuffer arena, int record) {
    int end =
        (int)
            recordBytes(
                half(arena, record + RECORD_KEY_BYTES_AT),
                half(arena, record + RECORD_VALUE_BYTES_AT));
    long sum = 0;
    for (int at = 0; at < end; at += Long.BYTES) {
      sum = Long.rotateLeft(sum, 7) ^ word(arena, record + at);
    }
    sum ^= sum >>> 32;
    return (sum ^ sum >>> 16) & 0xffff;
  }

  /** The last word of a completion record. */
  static long completionCheck(ByteBuffer arena, int at) {
    long check = 0;
    for (int i = 0; i <= 40; i += Long.BYTES) {
      check ^= word(arena, at + i);
    }
    return check;
  }

  static int heightOf(long nodeHeader) {
    return (int) (nodeHeader >>> HEIGHT_SHIFT) & 0xff;
  }

  static int whatOf(long nodeHeader) {
    return (int) (nodeHeader >>> WHAT_SHIFT) & 0xff;
  }

  static long word(ByteBuffer arena, int at) {
    return (long) WORD.get(arena, at);
  }

  static void setWord(ByteBuffer arena, int at, long value) {
    WORD.set(arena, at, value);
  }

  static int half(ByteBuffer arena, int at) {
    return (int) HALF.get(arena, at);
  }

  static void setHalf(ByteBuffer arena, int at, int value) {
    HALF.set(arena, at, value);
  }

  /** Makes an arena an empty memtable's. */
  static void format(
      ByteBuffer arena, long number, long logStart, long baseTimestamp, String bootId) {
    setHalf(arena, STATE_AT, STATE_FREE);
    VarHandle.fullFence();
    for (int at = 0; at < INDEX_AT; at += 8) {
      if (at != VERSION_AT) {
        setWord(arena, at, 0);
      }
    }
    setWord(arena, HEAD_AT, nodeHeader(0, MAX_HEIGHT, WHAT_VERSION, 0));
    setHalf(arena, VERSION_AT, VERSION);
    setWord(arena, NUMBER_AT, number);
    setWord(arena, CAPACITY_AT, arena.capacity());
    setWord(arena, LOG_START_AT, logStart);
    setWord(arena, BASE_TIMESTAMP_AT, baseTimestamp);
    byte[] boot = bootBytes(bootId);
    arena.put(BOOT_ID_AT, (byte) boot.length);
    arena.put(BOOT_ID_AT + 1, boot);
    setWord(arena, MAGIC_AT, MAGIC);
    setHalf(arena, HEADER_CRC_AT, headerCrc(arena, STATE_IN_USE));
    VarHandle.fullFence();
    setHalf(arena, STATE_AT, STATE_IN_USE);
  }

  /** Says that nothing in the arena is of use any more. */
  static void free(ByteBuffer arena) {
    setHalf(arena, STATE_AT, STATE_FREE);
  }

  /** Whether the arena holds a memtable with an unharmed header. */
  static boolean isInUse(ByteBuffer arena) {
    return arena.capacity() > INDEX_AT
        && word(arena, MAGIC_AT) == MAGIC
        && half(arena, VERSION_AT) == VERSION
        && half(arena, STATE_AT) == STATE_IN_USE
        && word(arena, CAPACITY_AT) == arena.capacity()
        && half(arena, HEADER_CRC_AT) == headerCrc(arena, STATE_IN_USE);
  }

  /** Whether the arena was written in this boot of the machine. */
  static boolean isOfBoot(ByteBuffer arena, String bootId) {
    byte[] boot = bootBytes(bootId);
    if (boot.length == 0 || arena.get(BOOT_ID_AT) != boot.length) {
      return false;
    }
    for (int i = 0; i < boot.length; i++) {
      if (arena.get(BOOT_ID_AT + 1 + i) != boot[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] bootBytes(String bootId) {
    byte[] bytes = bootId.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= BOOT_ID_MAX_BYTES
        ? bytes
        : java.util.Arrays.copyOf(bytes, BOOT_ID_MAX_BYTES);
  }

  private static int headerCrc(ByteBuffer arena, int state) {
    byte[] header = new byte[HEADER_CRC_AT];
    arena.get(0, header);
    header[STATE_AT] = (byte) state;
    header[STATE_AT + 1] = 0;
    header[STATE_AT + 2] = 0;
    header[STATE_AT + 3] = 0;
    CRC32C crc = new CRC32C();
    crc.update(header, 0, header.length);
    return (int) crc.getValue();
  }
}
