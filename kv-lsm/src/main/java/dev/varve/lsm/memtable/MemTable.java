// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.memtable;

import static dev.varve.lsm.memtable.MemTableFormat.INDEX_AT;
import static dev.varve.lsm.memtable.MemTableFormat.RECORD_HEADER_BYTES;
import static dev.varve.lsm.memtable.MemTableFormat.RECORD_KEY_BYTES_AT;
import static dev.varve.lsm.memtable.MemTableFormat.RECORD_VALUE_BYTES_AT;
import static dev.varve.lsm.memtable.MemTableFormat.half;
import static dev.varve.lsm.memtable.MemTableFormat.nodeBytes;
import static dev.varve.lsm.memtable.MemTableFormat.nodeHeader;
import static dev.varve.lsm.memtable.MemTableFormat.recordBytes;
import static dev.varve.lsm.memtable.MemTableFormat.setWord;
import static dev.varve.lsm.memtable.MemTableFormat.word;

import dev.varve.ErrorCode;
import dev.varve.core.memory.Region;
import dev.varve.core.store.Operations;
import dev.varve.lsm.iterator.VersionIterator;
import dev.varve.lsm.key.Lookup;
import dev.varve.lsm.key.OperationCursor;
import dev.varve.lsm.key.RangeTombstones;
import dev.varve.lsm.key.Trailer;
import dev.varve.lsm.memtable.FragmentedTombstones.Tombstone;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The newest versions, sorted, in an arena. Reads are safe on any thread, insertions of different
 * commits too.
 *
 * <p>A commit first asks for its {@link #footprint}, which says exactly how many bytes of the arena
 * its nodes and records take (heights come from a seed, so they are known before); takes them with
 * {@link #reserve}, one thread at a time and in the order of timestamps; then inserts, concurrently
 * with others; and is declared whole by {@link #complete}, again in order. What is not whole is
 * never visible, and does not survive the process.
 *
 * <p>It holds exactly the commits after {@link #baseTimestamp} up to {@link #lastTimestamp}. The
 * arena belongs to an {@link ArenaPool}, which takes it back once nobody reads any more.
 */
public final class MemTable {
  private static final long LOW_HALF = 0xffff_ffffL;
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;
  private static final int SPLICES = 8;
  private static final VarHandle LAST_TIMESTAMP;

  static {
    try {
      LAST_TIMESTAMP =
          MethodHandles.lookup().findVarHandle(MemTable.class, "lastTimestamp", long.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  private final Region region;
  private final ByteBuffer arena;
  private final SkipList list;
  private final MemTableTombstones tombstones = new MemTableTombstones();
  private final AtomicLong deletes = new AtomicLong();

  private final Splice[] splices = new Splice[SPLICES];
  private final AtomicIntegerArray spliceTaken = new AtomicIntegerArray(SPLICES);

  // Written one thread at a time, in the order of timestamps.
  private int indexTop;
  private int dataBottom;
  private long firstTimestamp;
  private volatile long lastTimestamp;

  // Written one thread at a time, by whoever completes.
  private long turn;
  private long operations;
  private long completeTimestamp;

  /** An empty memtable in {@code region}, whose old content is lost. */
  MemTable(Region region, long number, long logStart, long baseTimestamp, String bootId) {
    this.region = region;
    arena = region.buffer();
    MemTableFormat.format(arena, number, logStart, baseTimestamp, bootId);
    list = new SkipList(arena, 1);
    indexTop = INDEX_AT;
    dataBottom = arena.capacity() & -8;
    lastTimestamp = baseTimestamp;
    completeTimestamp = baseTimestamp;
    prepareSplices();
  }

  /** The memtable that {@code adoption} found whole. */
  MemTable(Region region, Adoption adoption) {
    this.region = region;
    arena = region.buffer();
    list = new SkipList(arena, adoption.height());
    indexTop = adoption.indexTop();
    dataBottom = adoption.dataBottom();
    turn = adoption.turn();
    operations = adoption.operations();
    deletes.set(adoption.deletes());
    completeTimestamp = adoption.completeTimestamp();
    lastTimestamp = completeTimestamp;
    firstTimestamp = lastTimestamp > baseTimestamp() ? baseTimestamp() + 1 : 0;
    adoption.tombstones().forEach(tombstones::add);
    prepareSplices();
  }

  private void prepareSplices() {
    for (int i = 0; i < SPLICES; i++) {
      splices[i] = new Splice();
    }
  }

  // ---- Writing.

  /** Bytes of index (upper half) and of data (lower half) that {@code operations} will take. */
  public static long footprint(Operations operations, long seed, OperationCursor cursor) {
    return footprint(operations.data(), 0, operations.length(), seed, cursor);
  }

  /** As above, of operations in part of an array. */
  public static long footprint(
      byte[] data, int offset, int length, long seed, OperationCursor cursor) {
    long index = 0;
    long records = 0;
    long random = seed;
    cursor.reset(data, offset, length);
    while (cursor.next()) {
      random += MIX;
      index +=
          nodeBytes(cursor.kind() == Operations.DELETE_RANGE ? 0 : SkipList.height(mix(random)));
      records += recordBytes(cursor.firstBytes(), cursor.secondBytes());
    }
    if (index + records > MemTableFormat.MAX_ARENA_BYTES - MemTableFormat.OVERHEAD_BYTES) {
      throw ErrorCode.LIMIT_EXCEEDED
          .error("A commit is too large to be applied at once.")
          .fact("memTableBytes", index + records)
          .fact("maxBytes", MemTableFormat.MAX_ARENA_BYTES - MemTableFormat.OVERHEAD_BYTES)
          .hint("Use a transaction, which writes large commits as tables.")
          .build();
    }
    return index << 32 | records;
  }

  /** The same for a single put. */
  public static long footprint(int keyBytes, int valueBytes, long seed) {
    return (long) nodeBytes(SkipList.height(mix(seed + MIX))) << 32
        | recordBytes(keyBytes, valueBytes);
  }

  /** The arena's bytes that a footprint asks for, overhead included. */
  public static long arenaBytes(long footprint) {
    return (footprint >>> 32) + (footprint & LOW_HALF) + MemTableFormat.OVERHEAD_BYTES;
  }

  /** Whether there is room. One thread at a time with {@link #reserve}. */
  public boolean fits(long footprint) {
    return (footprint >>> 32) + (footprint & LOW_HALF) <= dataBottom - indexTop;
  }

  /**
   * Takes the bytes of a commit; only if it {@link #fits}. One thread at a time, timestamps rising.
   *
   * @return where they are, for the calls that fill them
   */
  public long reserve(long footprint, long timestamp) {
    int index = indexTop;
    indexTop += (int) (footprint >>> 32);
    dataBottom -= (int) footprint;
    assert indexTop <= dataBottom : "reserved without room";
    if (firstTimestamp == 0) {
      firstTimestamp = timestamp;
    }
    LAST_TIMESTAMP.setRelease(this, timestamp);
    return (long) index << 32 | dataBottom;
  }

  /** Inserts a put into what was reserved for it. */
  public void put(
      long place,
      long footprint,
      long seed,
      long timestamp,
      byte[] key,
      int keyOffset,
      int keyBytes,
      byte[] value,
      int valueOffset,
      int valueBytes) {
    int taken = takeSplice();
    try {
      int node = (int) (place >>> 32);
      int record = (int) place;
      int height = SkipList.height(mix(seed + MIX));
      write(
          record,
          Trailer.of(timestamp, Trailer.PUT),
          key,
          keyOffset,
          keyBytes,
          value,
          valueOffset,
          valueBytes);
      if (!list.insert(splice(taken), key, keyOffset, keyBytes, timestamp, node, height, record)) {
        fill(node, node + (int) (footprint >>> 32));
      }
    } finally {
      giveSplice(taken);
    }
  }

  /**
   * Inserts operations into what was reserved for them. May be repeated after a failure, with the
   * same arguments.
   */
  public void apply(
      long place,
      long footprint,
      long seed,
      long timestamp,
      byte[] data,
      int offset,
      int length,
      int rangeDeletes,
      OperationCursor cursor) {
    FragmentedTombstones later =
        rangeDeletes == 0
            ? FragmentedTombstones.EMPTY
            : rangesByOrdinal(data, offset, length, cursor);
    int taken = takeSplice();
    try {
      Splice splice = splice(taken);
      int node = (int) (place >>> 32);
      int record = (int) place;
      long random = seed;
      int deleted = 0;
      cursor.reset(data, offset, length);
      for (int ordinal = 1; cursor.next(); ordinal++) {
        random += MIX;
        int recordBytes = (int) recordBytes(cursor.firstBytes(), cursor.secondBytes());
        if (cursor.kind() == Operations.DELETE_RANGE) {
          node = deleteRange(node, record, timestamp, data, cursor);
        } else if (rangeDeletes == 0 || !isRemoved(later, ordinal, data, cursor)) {
          int kind = cursor.kind() == Operations.PUT ? Trailer.PUT : Trailer.DELETE;
          deleted += kind == Trailer.DELETE ? 1 : 0;
          int height = SkipList.height(mix(random));
          write(
              record,
              Trailer.of(timestamp, kind),
              data,
              cursor.firstAt(),
              cursor.firstBytes(),
              data,
              cursor.secondAt(),
              cursor.secondBytes());
          if (list.insert(
              splice,
              data,
              cursor.firstAt(),
              cursor.firstBytes(),
              timestamp,
              node,
              height,
              record)) {
            node += nodeBytes(height);
          }
        }
        record += recordBytes;
      }
      fill(node, (int) (place >>> 32) + (int) (footprint >>> 32));
      if (deleted != 0) {
        deletes.addAndGet(deleted);
      }
    } finally {
      giveSplice(taken);
    }
  }

  /** Leaves what was reserved unused. */
  public void abandon(long place, long footprint) {
    fill((int) (place >>> 32), (int) (place >>> 32) + (int) (footprint >>> 32));
  }

  /**
   * Declares a commit whole: all its insertions are done, and all commits before it are whole. One
   * thread at a time, in order.
   *
   * @param logEnd log position where the commit ends
   */
  public void complete(long place, long footprint, long timestamp, long logEnd, int count) {
    turn++;
    operations += count;
    completeTimestamp = timestamp;
    int at = MemTableFormat.COMPLETION_AT + (int) (turn & 1) * MemTableFormat.COMPLETION_BYTES;
    setWord(arena, at, turn);
    VarHandle.releaseFence();
    setWord(arena, at + 8, timestamp);
    setWord(arena, at + 16, logEnd);
    setWord(arena, at + 24, place << 32 | (place >>> 32) + (footprint >>> 32));
    setWord(arena, at + 32, operations);
    setWord(arena, at + 40, deletes.get());
    setWord(arena, at + 56, MemTableFormat.completionCheck(arena, at));
    VarHandle.releaseFence();
    setWord(arena, at + 48, turn);
  }

  private void write(
      int record,
      long trailer,
      byte[] key,
      int keyOffset,
      int keyBytes,
      byte[] value,
      int valueOffset,
      int valueBytes) {
    int bytes = (int) recordBytes(keyBytes, valueBytes);
    setWord(arena, record + bytes - Long.BYTES, 0);
    setWord(arena, record, trailer);
    setWord(arena, record + RECORD_KEY_BYTES_AT, (long) valueBytes << 32 | keyBytes);
    arena.put(record + RECORD_HEADER_BYTES, key, keyOffset, keyBytes);
    arena.put(record + RECORD_HEADER_BYTES + keyBytes, value, valueOffset, valueBytes);
  }

  /** Marks the index bytes from {@code at} to {@code end} as unused. */
  private void fill(int at, int end) {
    if (at < end) {
      setWord(arena, at, nodeHeader(end - at, 0, MemTableFormat.WHAT_FILLER, 0));
    }
  }

  private int deleteRange(
      int node, int record, long timestamp, byte[] data, OperationCursor cursor) {
    int from = cursor.firstAt();
    int to = cursor.secondAt();
    write(
        record,
        Trailer.of(timestamp, Trailer.DELETE_RANGE),
        data,
        from,
        cursor.firstBytes(),
        data,
        to,
        cursor.secondBytes());
    long checksum = MemTableFormat.checksum(arena, record);
    setWord(arena, node, nodeHeader(record, 0, MemTableFormat.WHAT_TOMBSTONE, checksum));
    byte[] lower = java.util.Arrays.copyOfRange(data, from, from + cursor.firstBytes());
    byte[] upper = java.util.Arrays.copyOfRange(data, to, to + cursor.secondBytes());
    if (java.util.Arrays.compareUnsigned(lower, upper) < 0) {
      tombstones.add(new Tombstone(lower, upper, timestamp));
    }
    return node + nodeBytes(0);
  }

  /** The range deletes of a commit, dated by their place in it. */
  private static FragmentedTombstones rangesByOrdinal(
      byte[] data, int offset, int length, OperationCursor cursor) {
    var ranges = new java.util.ArrayList<Tombstone>();
    cursor.reset(data, offset, length);
    for (int ordinal = 1; cursor.next(); ordinal++) {
      if (cursor.kind() == Operations.DELETE_RANGE) {
        int from = cursor.firstAt();
        int to = cursor.secondAt();
        byte[] lower = java.util.Arrays.copyOfRange(data, from, from + cursor.firstBytes());
        byte[] upper = java.util.Arrays.copyOfRange(data, to, to + cursor.secondBytes());
        if (java.util.Arrays.compareUnsigned(lower, upper) < 0) {
          ranges.add(new Tombstone(lower, upper, ordinal));
        }
      }
    }
    return new FragmentedTombstones(ranges.toArray(new Tombstone[0]));
  }

  /** Whether a later range delete of the same commit removes what the cursor stands on. */
  private static boolean isRemoved(
      FragmentedTombstones later, int ordinal, byte[] data, OperationCursor cursor) {
    return later.newestCovering(data, null, cursor.firstAt(), cursor.firstBytes(), Long.MAX_VALUE)
        > ordinal;
  }

  private int takeSplice() {
    for (int i = 0; i < SPLICES; i++) {
      if (spliceTaken.getPlain(i) == 0 && spliceTaken.compareAndSet(i, 0, 1)) {
        return i;
      }
    }
    return SPLICES;
  }

  private Splice splice(int taken) {
    return taken < SPLICES ? splices[taken] : new Splice();
  }

  private void giveSplice(int taken) {
    if (taken < SPLICES) {
      spliceTaken.setRelease(taken, 0);
    }
  }

  /** Spreads the bits of a counter, so that its low ones are as good as random. */
  private static long mix(long value) {
    long z = (value ^ value >>> 30) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
    return z ^ z >>> 31;
  }

  // ---- Reading.

  /**
   * Finds the newest version of a user key at or before {@code readTimestamp}, a tombstone as well as
   * a value. Range tombstones are not considered.
   */
  public boolean find(byte[] key, int keyOffset, int keyBytes, long readTimestamp, Lookup lookup) {
    int node = list.find(key, keyOffset, keyBytes, Trailer.firstVisible(readTimestamp));
    if (node == 0) {
      return false;
    }
    int record = list.record(node);
    lookup.found(
        word(arena, record),
        arena,
        record + RECORD_HEADER_BYTES + half(arena, record + RECORD_KEY_BYTES_AT),
        half(arena, record + RECORD_VALUE_BYTES_AT));
    return true;
  }

  /** A walk over all versions, those that are not visible yet included. */
  public VersionIterator iterator() {
    return new MemTableIterator(list, arena);
  }

  /** Its range tombstones, those that are not visible yet included. */
  public RangeTombstones rangeTombstones() {
    return tombstones;
  }

  /** Names it among all memtables of the database. */
  public long number() {
    return word(arena, MemTableFormat.NUMBER_AT);
  }

  /** The log position at which its first commit is. */
  public long logStart() {
    return word(arena, MemTableFormat.LOG_START_AT);
  }

  /** All its commits have a later timestamp. */
  public long baseTimestamp() {
    return word(arena, MemTableFormat.BASE_TIMESTAMP_AT);
  }

  /** The timestamp of the newest commit that took room in it; the base timestamp if none did. */
  public long lastTimestamp() {
    return lastTimestamp;
  }

  /** The timestamp of the newest commit that is whole. */
  public long completeTimestamp() {
    return completeTimestamp;
  }

  /** A timestamp not later than that of any version; 0 if there is none. */
  public long minTimestamp() {
    return firstTimestamp;
  }

  /** A timestamp not earlier than that of any visible version; 0 if there is none. */
  public long maxTimestamp() {
    return firstTimestamp == 0 ? 0 : lastTimestamp;
  }

  /** Operations of whole commits, about. */
  public long entries() {
    return operations;
  }

  /** Point tombstones among them, about. */
  public long deletes() {
    return deletes.get();
  }

  /** Whether no commit took room in it. */
  public boolean isEmpty() {
    return firstTimestamp == 0;
  }

  /** Bytes of the arena in use, about. */
  public long approximateBytes() {
    return (long) indexTop - INDEX_AT + (arena.capacity() & -8) - dataBottom;
  }

  /** The arena's size in bytes. */
  public long capacityBytes() {
    return arena.capacity();
  }

  Region region() {
    return region;
  }

  /** Says that nothing in the arena is of use any more. */
  void markFree() {
    MemTableFormat.free(arena);
  }
}
