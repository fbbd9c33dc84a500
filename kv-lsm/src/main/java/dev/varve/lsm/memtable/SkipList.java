// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.memtable;

import static dev.varve.lsm.memtable.MemTableFormat.HEAD_AT;
import static dev.varve.lsm.memtable.MemTableFormat.HINT_BYTES;
import static dev.varve.lsm.memtable.MemTableFormat.HINT_SHIFT;
import static dev.varve.lsm.memtable.MemTableFormat.MAX_HEIGHT;
import static dev.varve.lsm.memtable.MemTableFormat.MAX_SHARED;
import static dev.varve.lsm.memtable.MemTableFormat.RECORD_HEADER_BYTES;
import static dev.varve.lsm.memtable.MemTableFormat.RECORD_KEY_BYTES_AT;
import static dev.varve.lsm.memtable.MemTableFormat.SHARED_SHIFT;
import static dev.varve.lsm.memtable.MemTableFormat.WHAT_VERSION;
import static dev.varve.lsm.memtable.MemTableFormat.WORD;
import static dev.varve.lsm.memtable.MemTableFormat.half;
import static dev.varve.lsm.memtable.MemTableFormat.linkAt;
import static dev.varve.lsm.memtable.MemTableFormat.nodeHeader;
import static dev.varve.lsm.memtable.MemTableFormat.setWord;
import static dev.varve.lsm.memtable.MemTableFormat.target;
import static dev.varve.lsm.memtable.MemTableFormat.withParity;

import dev.varve.core.codec.Bytes;
import dev.varve.lsm.key.Trailer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Search and insertion. Lock-free; any number of threads.
 *
 * <p><b>Goal.</b> A search costs what its cache misses cost. So (1) links and data are apart: the
 * links of 64 MiB of 100-byte values take 10 MiB and stay in the second or third level cache, where
 * one line holds two or three nodes; (2) a link carries three bytes of the key it leads to, beginning
 * where that key departs from the key it comes from, so that nearly all decisions are made without
 * looking at the next node at all, whatever prefix the keys have in common; (3) every second node
 * rises a level, for a step down costs nothing with such links, and a step forward costs a line.
 *
 * <p><b>Why the hint decides.</b> Compare keys as if zeros without end followed. Let P be the node we
 * are at, T the wanted key, S the next node, P &lt; S and P &lt; T.
 *
 * <ul>
 *   <li>I1. We know exactly how many bytes P and T share: {@code shared}. At that byte T is greater.
 *   <li>I2. The link says that P and S share at least {@code q} bytes, and which three of S follow.
 *   <li>If q &gt; shared, S has P's byte where T has a greater one: S &lt; T, and S and T share
 *       {@code shared} bytes.
 *   <li>Else all three share q bytes, and T's bytes from q on against the hint decide, unless they
 *       are equal; when S &lt; T this tells how many they share. Only if they are equal is S's key
 *       looked at.
 * </ul>
 *
 * A new node N between P and S takes over the link's hint: N shares q bytes with S, for both share
 * them with P. The hint becomes less sharp so, but never wrong; a search that had to look at S leaves
 * an exact one.
 *
 * <p><b>Publication.</b> I3. A node and its record are written before the compare-and-set that links
 * level 0; that makes it be there. Upper levels follow, from below; missing ones only cost time. I4.
 * Links are read with acquire and set by compare-and-set, nothing is ever unlinked or moved.
 *
 * <p>Tried and lost: heights with probability 1/4 (1.5 nodes visited a level instead of 0.5, which
 * outweighs that there are half as many levels); a hint from a fixed position (all keys of a keyspace
 * with zero-padded numbers look alike there).
 */
final class SkipList {
  /** {@code shared} of keys that differ in nothing but zeros at the end, or are equal. */
  private static final int ALL = Integer.MAX_VALUE;

  private static final int BEFORE = 0;
  private static final int SAME_KEY = 1;
  private static final int AFTER = 2;
  private static final int ORDER_BITS = 2;

  private static final int MAX_SKIPS_BITS = 8;
  private static final int LEVELS_TRIED = 3;

  private static final VarHandle INT_BE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle HEIGHT;

  static {
    try {
      HEIGHT = MethodHandles.lookup().findVarHandle(SkipList.class, "height", int.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  private final ByteBuffer arena;

  /** Levels in use; never falls. */
  private volatile int height;

  SkipList(ByteBuffer arena, int height) {
    this.arena = arena;
    this.height = height;
  }

  /** The height of the node that random bits give: each level half as likely as the one below. */
  static int height(long random) {
    return Math.min(MAX_HEIGHT, 1 + Long.numberOfTrailingZeros(random));
  }

  /** The first node on level 0 after {@code node}; 0 at the end. */
  int after(int node) {
    return target(link(node, 0));
  }

  private int after(int node, int level) {
    return target(link(node, level));
  }

  /** The data record of {@code node}. */
  int record(int node) {
    return target((long) WORD.getAcquire(arena, node));
  }

  /** The first node at or after (key, trailer), or 0. */
  int seek(byte[] key, int offset, int bytes, long trailer) {
    return (int) descend(key, offset, bytes, trailer) & ~1;
  }

  /** The first node at or after (key, trailer) if it has that key, else 0. */
  int find(byte[] key, int offset, int bytes, long trailer) {
    int found = (int) descend(key, offset, bytes, trailer);
    return (found & 1) == 0 ? 0 : found & ~1;
  }

  /** The last node before (key, trailer), or 0. */
  int seekBefore(byte[] key, int offset, int bytes, long trailer) {
    int node = (int) (descend(key, offset, bytes, trailer) >>> 32);
    return node == HEAD_AT ? 0 : node;
  }

  /** The last node, or 0. */
  int last() {
    int node = HEAD_AT;
    for (int level = height - 1; level >= 0; level--) {
      for (int next = after(node, level); next != 0; next = after(node, level)) {
        node = next;
      }
    }
    return node == HEAD_AT ? 0 : node;
  }

  /**
   * The last node before (key, trailer) in the upper half; in the lower half the first one at or
   * after it, with bit 0 set if it has the same key.
   */
  private long descend(byte[] key, int offset, int bytes, long trailer) {
    int node = HEAD_AT;
    int shared = 0;
    int level = height - 1;
    int passed = 0;
    int same = 0;
    for (; ; ) {
      long link = link(node, level);
      int next = target(link);
      if (next != 0 && next != passed) {
        int q = (int) (link >>> SHARED_SHIFT);
        if (q > shared) {
          node = next;
          continue;
        }
        int hint = (int) (link >>> HINT_SHIFT) & 0xffffff;
        int mine = bytesAt(key, offset, bytes, q);
        if (hint < mine) {
          shared = q + equalBytes(hint ^ mine);
          node = next;
          continue;
        }
        int order = AFTER;
        if (hint == mine) {
          long compared = compare(next, key, offset, bytes, q, trailer);
          order = order(compared);
          if (order == BEFORE) {
            shared = shared(compared);
            node = next;
            continue;
          }
        }
        same = order == SAME_KEY ? 1 : 0;
        passed = next;
      }
      if (level == 0) {
        return (long) node << 32 | next | (next == 0 ? 0 : same);
      }
      level--;
    }
  }

  /**
   * Links a node for a record of (key, timestamp) that the arena holds at {@code record}, unless
   * there is one: then that one gets the new record.
   *
   * @param node where the index node goes
   * @return whether {@code node} is taken
   */
  boolean insert(
      Splice splice,
      byte[] key,
      int offset,
      int bytes,
      long timestamp,
      int node,
      int nodeHeight,
      int record) {
    long trailer = Trailer.firstVisible(timestamp);
    int there = locate(splice, key, offset, bytes, trailer, nodeHeight);
    long checksum = MemTableFormat.checksum(arena, record);
    if (there != 0 && Trailer.timestamp(Bytes.longLE(arena, record(there))) == timestamp) {
      int height = MemTableFormat.heightOf((long) WORD.get(arena, there));
      WORD.setRelease(arena, there, nodeHeader(record, height, WHAT_VERSION, checksum));
      return there == node;
    }
    setWord(arena, node, nodeHeader(record, nodeHeight, WHAT_VERSION, checksum));
    for (int level = 0; level < nodeHeight; level++) {
      for (; ; ) {
        setWord(arena, linkAt(node, level), splice.onward[level]);
        int shared = Math.min(MAX_SHARED, splice.shared[level]);
        long link =
            withParity(
                (long) shared << SHARED_SHIFT
                    | (long) bytesAt(key, offset, bytes, shared) << HINT_SHIFT
                    | node);
        if (WORD.compareAndSet(
            arena, linkAt(splice.before[level], level), splice.link[level], link)) {
          break;
        }
        walk(
            splice, level, splice.before[level], splice.shared[level], key, offset, bytes, trailer);
      }
      splice.before[level] = node;
    }
    raise(nodeHeight);
    return true;
  }

  private void raise(int nodeHeight) {
    for (int now = height; nodeHeight > now; now = height) {
      if (HEIGHT.compareAndSet(this, now, nodeHeight)) {
        return;
      }
    }
  }

  /** Fills the splice for (key, trailer); returns the next node if it has the same key, else 0. */
  private int locate(
      Splice splice, byte[] key, int offset, int bytes, long trailer, int nodeHeight) {
    int top = Math.max(height, nodeHeight);
    int from = splice.height == 0 ? top : nearby(splice, key, offset, bytes, trailer);
    if (from < LEVELS_TRIED && from < splice.height) {
      int before = splice.before[from];
      int shared = splice.shared[from];
      int same = 0;
      for (int level = from; level >= 0; level--) {
        same = walk(splice, level, before, shared, key, offset, bytes, trailer);
        before = splice.before[level];
        shared = splice.shared[level];
      }
      for (int level = from + 1; level < nodeHeight; level++) {
        int start = level < splice.height ? splice.before[level] : HEAD_AT;
        walk(
            splice,
            level,
            start,
            sharedWith(start, key, offset, bytes, trailer),
            key,
            offset,
            bytes,
            trailer);
      }
      splice.height = Math.max(splice.height, nodeHeight);
      return same;
    }
    int before = HEAD_AT;
    int shared = 0;
    int same = 0;
    for (int level = top - 1; level >= 0; level--) {
      same = walk(splice, level, before, shared, key, offset, bytes, trailer);
      before = splice.before[level];
      shared = splice.shared[level];
    }
    splice.height = top;
    return same;
  }

  /** The lowest level on which the splice's old place encloses the key, or a level too high. */
  private int nearby(Splice splice, byte[] key, int offset, int bytes, long trailer) {
    if (splice.skips > 0) {
      splice.skips--;
      return MAX_HEIGHT;
    }
    int levels = Math.min(LEVELS_TRIED, splice.height);
    for (int level = 0; level < levels; level++) {
      int before = splice.before[level];
      int shared = 0;
      if (before != HEAD_AT) {
        long compared = compare(before, key, offset, bytes, 0, trailer);
        if (order(compared) != BEFORE) {
          continue;
        }
        shared = shared(compared);
      }
      int next = after(before, level);
      if (next == 0 || order(compare(next, key, offset, bytes, 0, trailer)) != BEFORE) {
        splice.shared[level] = shared;
        splice.misses = 0;
        return level;
      }
    }
    splice.misses = Math.min(MAX_SKIPS_BITS, splice.misses + 1);
    splice.skips = (1 << splice.misses) - 1;
    return MAX_HEIGHT;
  }

  private int sharedWith(int node, byte[] key, int offset, int bytes, long trailer) {
    return node == HEAD_AT ? 0 : shared(compare(node, key, offset, bytes, 0, trailer));
  }

  /**
   * Goes forward on one level from a node before (key, trailer), and leaves in the splice where it
   * stops. Returns the next node if it has the same key, else 0.
   */
  private int walk(
      Splice splice,
      int level,
      int from,
      int sharedFrom,
      byte[] key,
      int offset,
      int bytes,
      long trailer) {
    int node = from;
    int shared = sharedFrom;
    for (; ; ) {
      long link = link(node, level);
      int next = target(link);
      long onward = link;
      int same = 0;
      if (next != 0) {
        int q = (int) (link >>> SHARED_SHIFT);
        if (q > shared) {
          node = next;
          continue;
        }
        int hint = (int) (link >>> HINT_SHIFT) & 0xffffff;
        int mine = bytesAt(key, offset, bytes, q);
        if (hint < mine) {
          shared = q + equalBytes(hint ^ mine);
          node = next;
          continue;
        }
        if (hint == mine) {
          long compared = compare(next, key, offset, bytes, q, trailer);
          int order = order(compared);
          if (order == BEFORE) {
            shared = shared(compared);
            node = next;
            continue;
          }
          same = order == SAME_KEY ? next : 0;
          onward = linkTo(next, Math.min(MAX_SHARED, shared(compared)));
        }
      }
      splice.before[level] = node;
      splice.shared[level] = shared;
      splice.link[level] = link;
      splice.onward[level] = onward;
      return same;
    }
  }

  /** A link to {@code node} from one whose key shares {@code shared} bytes. */
  private long linkTo(int node, int shared) {
    int record = record(node);
    int keyBytes = half(arena, record + RECORD_KEY_BYTES_AT);
    int at = record + RECORD_HEADER_BYTES + shared;
    int hint = 0;
    for (int i = 0; i < HINT_BYTES; i++) {
      hint = hint << 8 | (shared + i < keyBytes ? arena.get(at + i) & 0xff : 0);
    }
    return withParity((long) shared << SHARED_SHIFT | (long) hint << HINT_SHIFT | node);
  }

  /**
   * Where {@code node} is as seen from (key, trailer), and how many bytes the keys share, of which
   * the caller knows the first {@code from}.
   */
  private long compare(int node, byte[] key, int offset, int bytes, int from, long trailer) {
    int record = record(node);
    int nodeBytes = half(arena, record + RECORD_KEY_BYTES_AT);
    int at = record + RECORD_HEADER_BYTES;
    int common = Math.min(nodeBytes, bytes);
    int i = Math.min(from, common);
    for (; i + Long.BYTES <= common; i += Long.BYTES) {
      long theirs = Bytes.longBE(arena, at + i);
      long mine = Bytes.longBE(key, offset + i);
      if (theirs != mine) {
        int mismatch = i + (Long.numberOfLeadingZeros(theirs ^ mine) >>> 3);
        return packed(mismatch, Long.compareUnsigned(theirs, mine) < 0 ? BEFORE : AFTER);
      }
    }
    for (; i < common; i++) {
      int theirs = arena.get(at + i) & 0xff;
      int mine = key[offset + i] & 0xff;
      if (theirs != mine) {
        return packed(i, theirs < mine ? BEFORE : AFTER);
      }
    }
    if (nodeBytes == bytes) {
      return packed(ALL, Bytes.longLE(arena, record) > trailer ? BEFORE : SAME_KEY);
    }
    return nodeBytes < bytes
        ? packed(firstNonZero(key, offset, nodeBytes, bytes), BEFORE)
        : packed(firstNonZero(at, bytes, nodeBytes), AFTER);
  }

  private static int firstNonZero(byte[] key, int offset, int from, int bytes) {
    for (int i = from; i < bytes; i++) {
      if (key[offset + i] != 0) {
        return i;
      }
    }
    return ALL;
  }

  private int firstNonZero(int at, int from, int bytes) {
    for (int i = from; i < bytes; i++) {
      if (arena.get(at + i) != 0) {
        return i;
      }
    }
    return ALL;
  }

  private static long packed(int shared, int order) {
    return (long) shared << ORDER_BITS | order;
  }

  private static int order(long compared) {
    return (int) compared & (1 << ORDER_BITS) - 1;
  }

  private static int shared(long compared) {
    return (int) (compared >>> ORDER_BITS);
  }

  private long link(int node, int level) {
    return (long) WORD.getAcquire(arena, linkAt(node, level));
  }

  /** Three bytes of the key as a number, zeros behind its end. */
  private static int bytesAt(byte[] key, int offset, int bytes, int at) {
    if (at + Integer.BYTES <= bytes) {
      return (int) INT_BE.get(key, offset + at) >>> 8;
    }
    int number = 0;
    for (int i = 0; i < HINT_BYTES; i++) {
      number = number << 8 | (at + i < bytes ? key[offset + at + i] & 0xff : 0);
    }
    return number;
  }

  /** How many leading ones of three bytes are equal, given their exclusive or, which is not 0. */
  private static int equalBytes(int difference) {
    return (Integer.numberOfLeadingZeros(difference) >>> 3) - 1;
  }
}
