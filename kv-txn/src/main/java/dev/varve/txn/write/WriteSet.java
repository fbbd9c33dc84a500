// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.write;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The part of a transaction's writes that is in memory: a skip list over keys, whose nodes point to the
 * newest of the versions that the transaction has given the key, in a log that can be undone.
 *
 * <p>Three growing arrays hold everything: {@code bytes} keys and values; {@code nodes} the skip list;
 * {@code log} the versions. An entry costs about 60 bytes besides its own, and no object.
 *
 * <pre>
 * node, ints:     keyOffset | keyBytes | head (a version, or NONE) | height | next[0 .. height)
 * version, ints:  node | kind | valueOffset | valueBytes | previous (a version, or NONE)
 * </pre>
 *
 * <ul>
 *   <li>I1. Log, nodes and bytes only grow between two marks, so that undoing to a mark is cutting them
 *       off, after each version cut off has given its node the previous one back.
 *   <li>I2. A version written after the newest mark is overwritten in place: rewriting one key for ever needs
 *       no memory beyond values that have outgrown their place.
 *   <li>I3. A range delete gives every key of its range that has a version the version {@link #MASKED} and
 *       adds the range; so a key whose version is a put was put after every range around it.
 * </ul>
 *
 * <p>One thread changes and reads it. Others may read it too, holding its monitor, which the changing
 * methods hold.
 */
public final class WriteSet {
  /** The key has a value. */
  public static final int PUT = 1;

  /** The key was deleted by itself. */
  public static final int DELETE = 2;

  /** The key lies in a deleted range and has had no version since. */
  public static final int MASKED = 3;

  /** As the result of a look-up: neither written nor in a deleted range. */
  public static final int ABSENT = 0;

  static final int NONE = -1;

  private static final int MAX_HEIGHT = 14;
  private static final int HEAD_NODE = 0;
  private static final int NODE_INTS = 4;
  private static final int VERSION_INTS = 5;
  private static final int KEPT_BYTES = 1 << 16;

  private byte[] bytes = new byte[512];
  private int[] nodes = new int[128];
  private int[] log = new int[64];
  private int bytesLength;
  private int nodesLength;
  private int logLength;
  private int markedLog;
  private int generation;
  private int random = 0x2545_F491;
  private final DeletedRanges ranges = new DeletedRanges();
  private final int[] path = new int[MAX_HEIGHT];

  /** Empty. */
  public WriteSet() {
    reset();
  }

  /** A place to go back to. */
  record Mark(int log, int nodes, int bytes, int ranges) {}

  private void reset() {
    bytesLength = 0;
    logLength = 0;
    markedLog = 0;
    nodes[0] = 0;
    nodes[1] = 0;
    nodes[2] = NONE;
    nodes[3] = MAX_HEIGHT;
    Arrays.fill(nodes, NODE_INTS, NODE_INTS + MAX_HEIGHT, NONE);
    nodesLength = NODE_INTS + MAX_HEIGHT;
    generation++;
  }

  /** Removes everything, marks included; arrays that have grown large are let go. */
  public synchronized void clear() {
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[512];
    }
    if (nodes.length > KEPT_BYTES / Integer.BYTES) {
      nodes = new int[128];
    }
    if (log.length > KEPT_BYTES / Integer.BYTES) {
      log = new int[64];
    }
    ranges.clear();
    reset();
  }

  /** Whether there is neither a version nor a range. */
  public boolean isEmpty() {
    return logLength == 0 && ranges.isEmpty();
  }

  /** The memory in use. */
  public long usedBytes() {
    return bytesLength + Integer.BYTES * ((long) nodesLength + logLength) + 100L * ranges.size();
  }

  DeletedRanges ranges() {
    return ranges;
  }

  /** Rises whenever nodes that a cursor may stand on have gone. */
  int generation() {
    return generation;
  }

  // Writing.

  /** Sets a key. The arrays are copied. */
  public synchronized void put(
      byte[] key, int keyOffset, int keyBytes, byte[] value, int valueOffset, int valueBytes) {
    int node = findOrAdd(key, keyOffset, keyBytes);
    int version = rewritable(node);
    if (version != NONE && log[version + 1] == PUT && log[version + 3] >= valueBytes) {
      System.arraycopy(value, valueOffset, bytes, log[version + 2], valueBytes);
      log[version + 3] = valueBytes;
      return;
    }
    int at = append(value, valueOffset, valueBytes);
    setVersion(node, version, PUT, at, valueBytes);
  }

  /** Deletes a key. */
  public synchronized void delete(byte[] key, int keyOffset, int keyBytes) {
    int node = findOrAdd(key, keyOffset, keyBytes);
    setVersion(node, rewritable(node), DELETE, 0, 0);
  }

  /** Deletes a range; keeps the arrays. */
  public synchronized void deleteRange(byte[] from, byte[] to) {
    for (int node = ceiling(from, 0, from.length);
        node != NONE && compare(node, to, 0, to.length) < 0;
        node = next(node)) {
      if (nodes[node + 2] != NONE) {
        setVersion(node, rewritable(node), MASKED, 0, 0);
      }
    }
    ranges.add(from, to);
  }

  /** The head version of a node if it was written after the newest mark, else NONE. */
  private int rewritable(int node) {
    int head = nodes[node + 2];
    return head >= markedLog ? head : NONE;
  }

  private void setVersion(int node, int rewritten, int kind, int valueOffset, int valueBytes) {
    int version = rewritten;
    if (version == NONE) {
      if (logLength + VERSION_INTS > log.length) {
        log = Arrays.copyOf(log, grown(log.length, logLength + VERSION_INTS));
      }
      version = logLength;
      logLength += VERSION_INTS;
      log[version] = node;
      log[version + 4] = nodes[node + 2];
      nodes[node + 2] = version;
    }
    log[version + 1] = kind;
    log[version + 2] = valueOffset;
    log[version + 3] = valueBytes;
  }

  private int append(byte[] from, int offset, int length) {
    if (bytesLength + (long) length > bytes.length) {
      bytes = Arrays.copyOf(bytes, grown(bytes.length, bytesLength + (long) length));
    }
    int at = bytesLength;
    System.arraycopy(from, offset, bytes, at, length);
    bytesLength += length;
    return at;
  }

  private static int grown(int from, long needed) {
    return Math.toIntExact(
        Math.min(Integer.MAX_VALUE - 64, Math.max(needed, from + (long) (from >> 1))));
  }

  // Savepoints.

  /** From now on nothing is overwritten in place that is there now. */
  Mark mark() {
    markedLog = logLength;
    return new Mark(logLength, nodesLength, bytesLength, ranges.mark());
  }

  /** Where the newest mark that is left stands; what came after it may be overwritten in place again. */
  void unmarkTo(@Nullable Mark newest) {
    markedLog = newest == null ? 0 : newest.log;
  }

  /** Takes back everything since {@code mark}. */
  synchronized void undoTo(Mark mark) {
    for (int version = logLength - VERSION_INTS; version >= mark.log; version -= VERSION_INTS) {
      nodes[log[version] + 2] = log[version + 4];
    }
    logLength = mark.log;
    for (int node = mark.nodes; node < nodesLength; node += NODE_INTS + nodes[node + 3]) {
      unlink(node);
    }
    nodesLength = mark.nodes;
    bytesLength = mark.bytes;
    ranges.undoTo(mark.ranges);
    markedLog = mark.log;
    generation++;
  }

  private void unlink(int node) {
    findPath(bytes, nodes[node], nodes[node + 1]);
    for (int level = 0; level < nodes[node + 3]; level++) {
      if (nodes[path[level] + NODE_INTS + level] == node) {
        nodes[path[level] + NODE_INTS + level] = nodes[node + NODE_INTS + level];
      }
    }
  }

  // The versions between two marks, for spilling by savepoint.

  /** The newest version of a node that was written in {@code [fromLog, toLog)}, or NONE. */
  int versionWithin(int node, int fromLog, int toLog) {
    int version = nodes[node + 2];
    while (version >= toLog) {
      version = log[version + 4];
    }
    return version >= fromLog ? version : NONE;
  }

  int kindOf(int version) {
    return log[version + 1];
  }

  int valueOffsetOf(int version) {
    return log[version + 2];
  }

  int valueBytesOf(int version) {
    return log[version + 3];
  }

  int logLength() {
    return logLength;
  }

  // Looking up. A node without a version counts as absent.

  /** What the transaction has done to a key: {@link #ABSENT}, PUT, DELETE or MASKED. */
  public int kind(byte[] key, int offset, int length) {
    int node = find(key, offset, length);
    if (node != NONE && nodes[node + 2] != NONE) {
      return log[nodes[node + 2] + 1];
    }
    if (ranges.isEmpty()) {
      return ABSENT;
    }
    return ranges.toAround(Arrays.copyOfRange(key, offset, offset + length)) == null
        ? ABSENT
        : MASKED;
  }

  /** A copy of the value of a key whose kind is {@link #PUT}. */
  public byte[] copyOfValue(byte[] key, int offset, int length) {
    int node = find(key, offset, length);
    return Arrays.copyOfRange(bytes, valueOffset(node), valueOffset(node) + valueBytes(node));
  }

  /**
   * The first key in a direction that has been put or deleted and lies behind {@code after}, or at it when
   * {@code inclusive}; null when there is none. For readers that hold the monitor.
   */
  public byte @Nullable [] keyBehind(byte @Nullable [] after, boolean inclusive, boolean reversed) {
    int node;
    if (after == null) {
      node = reversed ? last() : first();
    } else if (reversed) {
      node = inclusive ? find(after, 0, after.length) : NONE;
      node = node == NONE ? lower(after, 0, after.length) : node;
    } else {
      node = ceiling(after, 0, after.length);
      if (!inclusive && node != NONE && compare(node, after, 0, after.length) == 0) {
        node = next(node);
      }
    }
    while (node != NONE && kind(node) != PUT && kind(node) != DELETE) {
      node = reversed ? lower(bytes, nodes[node], nodes[node + 1]) : next(node);
    }
    return node == NONE
        ? null
        : Arrays.copyOfRange(bytes, nodes[node], nodes[node] + nodes[node + 1]);
  }

  /** The node of a key, or NONE. */
  int find(byte[] key, int offset, int length) {
    int node = ceiling(key, offset, length);
    return node != NONE && compare(node, key, offset, length) == 0 ? node : NONE;
  }

  /** The first node at or after a key, or NONE. */
  int ceiling(byte[] key, int offset, int length) {
    int node = HEAD_NODE;
    for (int level = MAX_HEIGHT - 1; level >= 0; level--) {
      int next = nodes[node + NODE_INTS + level];
      while (next != NONE && compare(next, key, offset, length) < 0) {
        node = next;
        next = nodes[node + NODE_INTS + level];
      }
    }
    return nodes[node + NODE_INTS];
  }

  /** The last node before a key, or NONE. */
  int lower(byte[] key, int offset, int length) {
    int node = HEAD_NODE;
    for (int level = MAX_HEIGHT - 1; level >= 0; level--) {
      int next = nodes[node + NODE_INTS + level];
      while (next != NONE && compare(next, key, offset, length) < 0) {
        node = next;
        next = nodes[node + NODE_INTS + level];
      }
    }
    return node == HEAD_NODE ? NONE : node;
  }

  /** The last node, or NONE. */
  int last() {
    int node = HEAD_NODE;
    for (int level = MAX_HEIGHT - 1; level >= 0; level--) {
      while (nodes[node + NODE_INTS + level] != NONE) {
        node = nodes[node + NODE_INTS + level];
      }
    }
    return node == HEAD_NODE ? NONE : node;
  }

  /** The first node, or NONE. */
  int first() {
    return nodes[HEAD_NODE + NODE_INTS];
  }

  int next(int node) {
    return nodes[node + NODE_INTS];
  }

  /** Compares the key of a node with another. */
  int compare(int node, byte[] key, int offset, int length) {
    int at = nodes[node];
    return Arrays.compareUnsigned(bytes, at, at + nodes[node + 1], key, offset, offset + length);
  }

  byte[] bytes() {
    return bytes;
  }

  int keyOffset(int node) {
    return nodes[node];
  }

  int keyBytes(int node) {
    return nodes[node + 1];
  }

  /** PUT, DELETE, MASKED, or ABSENT when every version of the node has been undone. */
  int kind(int node) {
    int head = nodes[node + 2];
    return head == NONE ? ABSENT : log[head + 1];
  }

  int valueOffset(int node) {
    return log[nodes[node + 2] + 2];
  }

  int valueBytes(int node) {
    return log[nodes[node + 2] + 3];
  }

  private void findPath(byte[] key, int offset, int length) {
    int node = HEAD_NODE;
    for (int level = MAX_HEIGHT - 1; level >= 0; level--) {
      int next = nodes[node + NODE_INTS + level];
      while (next != NONE && compare(next, key, offset, length) < 0) {
        node = next;
        next = nodes[node + NODE_INTS + level];
      }
      path[level] = node;
    }
  }

  private int findOrAdd(byte[] key, int offset, int length) {
    findPath(key, offset, length);
    int next = nodes[path[0] + NODE_INTS];
    if (next != NONE && compare(next, key, offset, length) == 0) {
      return next;
    }
    int height = randomHeight();
    int node = nodesLength;
    int needed = node + NODE_INTS + height;
    if (needed > nodes.length) {
      nodes = Arrays.copyOf(nodes, grown(nodes.length, needed));
    }
    int at = append(key, offset, length);
    nodes[node] = at;
    nodes[node + 1] = length;
    nodes[node + 2] = NONE;
    nodes[node + 3] = height;
    nodesLength = needed;
    for (int level = 0; level < height; level++) {
      nodes[node + NODE_INTS + level] = nodes[path[level] + NODE_INTS + level];
      nodes[path[level] + NODE_INTS + level] = node;
    }
    return node;
  }

  private int randomHeight() {
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    int height = 1 + Integer.numberOfTrailingZeros(random | 1 << 2 * (MAX_HEIGHT - 1)) / 2;
    return Math.min(height, MAX_HEIGHT);
  }
}
