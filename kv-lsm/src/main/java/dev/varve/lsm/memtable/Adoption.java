// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.memtable;

import static dev.varve.lsm.memtable.MemTableFormat.HEAD_AT;
import static dev.varve.lsm.memtable.MemTableFormat.INDEX_AT;
import static dev.varve.lsm.memtable.MemTableFormat.MAX_HEIGHT;
import static dev.varve.lsm.memtable.MemTableFormat.RECORD_HEADER_BYTES;
import static dev.varve.lsm.memtable.MemTableFormat.RECORD_KEY_BYTES_AT;
import static dev.varve.lsm.memtable.MemTableFormat.RECORD_VALUE_BYTES_AT;
import static dev.varve.lsm.memtable.MemTableFormat.half;
import static dev.varve.lsm.memtable.MemTableFormat.hasParity;
import static dev.varve.lsm.memtable.MemTableFormat.heightOf;
import static dev.varve.lsm.memtable.MemTableFormat.linkAt;
import static dev.varve.lsm.memtable.MemTableFormat.nodeBytes;
import static dev.varve.lsm.memtable.MemTableFormat.setWord;
import static dev.varve.lsm.memtable.MemTableFormat.target;
import static dev.varve.lsm.memtable.MemTableFormat.whatOf;
import static dev.varve.lsm.memtable.MemTableFormat.word;

import dev.varve.core.codec.Bytes;
import dev.varve.lsm.key.Trailer;
import dev.varve.lsm.memtable.FragmentedTombstones.Tombstone;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Looks whether the arena of a process that died is whole, and cuts off what is not.
 *
 * <p>Goal: as fast as memory can be read in order. Index nodes stand one after the other in the
 * order in which they were reserved, and so do records; so the check goes through both from end to
 * end and follows links only in samples, one block of nodes in sixteen.
 *
 * <ul>
 *   <li>A1. What stands below the completed index top was whole when the process died, since a
 *       commit is declared whole after its insertions. A node above it may be linked or half
 *       written: it is cut off. Links that lead above the top are replaced by where the cut off
 *       nodes led. A linked node was written before it was linked, so that its links up to that
 *       level can be followed.
 *   <li>A2. Every node and link is within bounds and has parity; every record is within bounds, has
 *       its checksum, and a timestamp between base and completed timestamp. A single flipped bit is
 *       always found.
 *   <li>A3. Links of sampled nodes lead to nodes that are high enough, on level 0 to greater versions.
 * </ul>
 *
 * <p>Cutting off may be repeated after another death in the middle of it. The arena must not be
 * written by anybody else meanwhile.
 */
final class Adoption {
  private static final int BLOCK_BITS = 14;
  private static final int BLOCKS_MASK = 15;
  private static final int ORDER_EVERY = 16;
  private static final int MAX_CUT_OFF = 1 << 20;

  private final ByteBuffer arena;
  private final long baseTimestamp;
  private final int completion;
  private final List<Tombstone> tombstones = new ArrayList<>();
  private int height = 1;
  private String flaw = "";

  private Adoption(ByteBuffer arena, int completion) {
    this.arena = arena;
    this.completion = completion;
    this.baseTimestamp = word(arena, MemTableFormat.BASE_TIMESTAMP_AT);
  }

  /** Checks an arena with an unharmed header, and repairs it. Ask {@link #isWhole} afterwards. */
  static Adoption of(ByteBuffer arena) {
    Adoption adoption = new Adoption(arena, newestCompletion(arena));
    if (adoption.completion == 0) {
      adoption.cutOffAll();
      return adoption;
    }
    try {
      if (adoption.topsAreSane()) {
        adoption.checkNodes();
      }
    } catch (IndexOutOfBoundsException | IllegalStateException outside) {
      adoption.flaw = "an offset leads outside: " + outside.getMessage();
    }
    return adoption;
  }

  /** The completion record with the latest turn that is whole, or 0. */
  static int newestCompletion(ByteBuffer arena) {
    int newest = 0;
    for (int i = 0; i < 2; i++) {
      int at = MemTableFormat.COMPLETION_AT + i * MemTableFormat.COMPLETION_BYTES;
      long turn = word(arena, at);
      if (turn != 0
          && turn == word(arena, at + 48)
          && (turn & 1) == i
          && word(arena, at + 56) == MemTableFormat.completionCheck(arena, at)
          && (newest == 0 || turn > word(arena, newest))) {
        newest = at;
      }
    }
    return newest;
  }

  boolean isWhole() {
    return flaw.isEmpty();
  }

  /** What is wrong; empty if nothing is. */
  String flaw() {
    return flaw;
  }

  int height() {
    return height;
  }

  long turn() {
    return completion == 0 ? 0 : word(arena, completion);
  }

  long completeTimestamp() {
    return completion == 0 ? baseTimestamp : word(arena, completion + 8);
  }

  /** Where the log goes on after what is here. */
  long logEnd() {
    return completion == 0
        ? word(arena, MemTableFormat.LOG_START_AT)
        : word(arena, completion + 16);
  }

  int indexTop() {
    return completion == 0 ? INDEX_AT : half(arena, completion + 24);
  }

  int dataBottom() {
    return completion == 0 ? arena.capacity() & -8 : half(arena, completion + 28);
  }

  long operations() {
    return completion == 0 ? 0 : word(arena, completion + 32);
  }

  long deletes() {
    return completion == 0 ? 0 : word(arena, completion + 40);
  }

  List<Tombstone> tombstones() {
    return tombstones;
  }

  private void cutOffAll() {
    for (int level = 0; level < MAX_HEIGHT; level++) {
      setWord(arena, linkAt(HEAD_AT, level), 0);
    }
  }

  private boolean topsAreSane() {
    int top = indexTop();
    int bottom = dataBottom();
    if (top < INDEX_AT
        || bottom > arena.capacity()
        || top > bottom
        || (top & 7) != 0
        || (bottom & 7) != 0
        || completeTimestamp() <= baseTimestamp
        || completeTimestamp() > Trailer.MAX_TIMESTAMP) {
      return fail("the completion record is out of bounds", completion);
    }
    return true;
  }

  private void checkNodes() {
    int top = indexTop();
    if (heightOf(word(arena, HEAD_AT)) != MAX_HEIGHT || !checkLinks(HEAD_AT, MAX_HEIGHT)) {
      fail("the head is damaged", HEAD_AT);
      return;
    }
    int sample = 0;
    for (int node = INDEX_AT; node < top; ) {
      long header = word(arena, node);
      int what = whatOf(header);
      if (what == MemTableFormat.WHAT_FILLER) {
        int bytes = target(header);
        if (!hasParity(header) || bytes < 8 || (bytes & 7) != 0 || bytes > top - node) {
          fail("a filler is damaged", node);
          return;
        }
        node += bytes;
        continue;
      }
      int levels = heightOf(header);
      if (what > MemTableFormat.WHAT_TOMBSTONE
          || levels < (what == MemTableFormat.WHAT_VERSION ? 1 : 0)
          || levels > (what == MemTableFormat.WHAT_VERSION ? MAX_HEIGHT : 0)
          || !hasParity(header)
          || nodeBytes(levels) > top - node
          || !checkRecord(target(header))
          || MemTableFormat.checksum(arena, target(header))
              != header >>> MemTableFormat.CHECKSUM_SHIFT) {
        fail("a node is damaged", node);
        return;
      }
      if (what == MemTableFormat.WHAT_VERSION) {
        height = Math.max(height, levels);
        if (!checkLinks(node, levels)
            || isSampled(node) && sample++ % ORDER_EVERY == 0 && !isInOrder(node)) {
          fail("a link is damaged", node);
          return;
        }
      } else {
        takeTombstone(target(header));
      }
      node += nodeBytes(levels);
    }
  }

  private static boolean isSampled(int node) {
    return (node >>> BLOCK_BITS & BLOCKS_MASK) == 0;
  }

  private boolean isPlace(int record) {
    return (record & 7) == 0
        && record >= dataBottom()
        && record <= arena.capacity() - RECORD_HEADER_BYTES;
  }

  private boolean checkRecord(int record) {
    if (!isPlace(record)) {
      return false;
    }
    long timestamp = Trailer.timestamp(word(arena, record));
    long keyBytes = half(arena, record + RECORD_KEY_BYTES_AT);
    long valueBytes = half(arena, record + RECORD_VALUE_BYTES_AT);
    return keyBytes >= 0
        && valueBytes >= 0
        && record + RECORD_HEADER_BYTES + keyBytes + valueBytes <= arena.capacity()
        && timestamp > baseTimestamp
        && timestamp <= completeTimestamp();
  }

  private boolean checkLinks(int node, int levels) {
    int top = indexTop();
    for (int level = 0; level < levels; level++) {
      long link = word(arena, linkAt(node, level));
      int next = target(link);
      if (next < 0 || !hasParity(link)) {
        return false;
      }
      if (next == 0) {
        continue;
      }
      if (next >= top) {
        cutOff(node, level, next);
      } else if (next < INDEX_AT || isSampled(node) && heightOf(word(arena, next)) <= level) {
        return false;
      }
    }
    return true;
  }

  /** Makes the link out of {@code node} lead past nodes that were not whole. */
  private void cutOff(int node, int level, int linked) {
    int top = indexTop();
    int next = linked;
    for (int steps = 0; next >= top; steps++) {
      if (steps > MAX_CUT_OFF) {
        throw new IllegalStateException("links go in a circle at " + next);
      }
      next = target(word(arena, linkAt(next, level)));
    }
    long link = 0;
    if (next != 0) {
      int record = target(word(arena, next));
      int keyBytes = half(arena, record + RECORD_KEY_BYTES_AT);
      long hint = 0;
      for (int i = 0; i < MemTableFormat.HINT_BYTES; i++) {
        hint = hint << 8 | (i < keyBytes ? arena.get(record + RECORD_HEADER_BYTES + i) & 0xff : 0);
      }
      link = MemTableFormat.withParity(hint << MemTableFormat.HINT_SHIFT | next);
    }
    setWord(arena, linkAt(node, level), link);
  }

  private boolean isInOrder(int node) {
    int next = target(word(arena, linkAt(node, 0)));
    if (next == 0) {
      return true;
    }
    int left = target(word(arena, node));
    int right = target(word(arena, next));
    if (!checkRecord(right)) {
      return false;
    }
    int order =
        Bytes.compare(
            arena,
            left + RECORD_HEADER_BYTES,
            half(arena, left + RECORD_KEY_BYTES_AT),
            arena,
            right + RECORD_HEADER_BYTES,
            half(arena, right + RECORD_KEY_BYTES_AT));
    return order < 0 || order == 0 && word(arena, left) > word(arena, right);
  }

  private void takeTombstone(int record) {
    int from = record + RECORD_HEADER_BYTES;
    byte[] lower = new byte[half(arena, record + RECORD_KEY_BYTES_AT)];
    byte[] upper = new byte[half(arena, record + RECORD_VALUE_BYTES_AT)];
    arena.get(from, lower);
    arena.get(from + lower.length, upper);
    if (Arrays.compareUnsigned(lower, upper) < 0) {
      tombstones.add(new Tombstone(lower, upper, Trailer.timestamp(word(arena, record))));
    }
  }

  private boolean fail(String what, int at) {
    if (flaw.isEmpty()) {
      flaw = what + ": at=" + at;
    }
    return false;
  }
}
