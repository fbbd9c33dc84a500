// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The keys and ranges of keys that a transaction has read. Bounded: beyond so many it is made coarser by
 * joining neighbours into ranges that hold both, which can only make a commit fail that would have been
 * right, never the other way round. One thread.
 *
 * <p>Points stand in one growing array and cost no object; ranges are few and plain.
 */
public final class ReadSet {
  private static final int MAX_POINTS = 4_096;
  private static final int MAX_POINT_BYTES = 1 << 19;
  private static final int MAX_RANGES = 1_024;

  private byte[] bytes = new byte[256];
  private int[] ends = new int[16];
  private int points;
  private final List<Range> ranges = new ArrayList<>(0);

  /** Empty. */
  public ReadSet() {}

  /** A range of keys; bounds as of a {@code KeyRange}, both there. */
  private record Range(byte[] from, byte[] to) {}

  /** Receives what was read, until it says false. */
  public interface Visitor {
    /** A key. */
    boolean point(byte[] array, int offset, int length);

    /** A range. */
    boolean range(byte[] from, byte[] to);
  }

  /** Whether nothing was read. */
  public boolean isEmpty() {
    return points == 0 && ranges.isEmpty();
  }

  /** Adds a key. */
  public void addPoint(byte[] key, int offset, int length) {
    int start = points == 0 ? 0 : ends[points - 1];
    if (points > 0 && isLast(key, offset, length)) {
      return;
    }
    if (points == MAX_POINTS || start + length > MAX_POINT_BYTES) {
      pointsToRanges();
      start = 0;
    }
    if (points == ends.length) {
      ends = Arrays.copyOf(ends, 2 * points);
    }
    if (start + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(start + length, 2 * bytes.length));
    }
    System.arraycopy(key, offset, bytes, start, length);
    ends[points++] = start + length;
  }

  private boolean isLast(byte[] key, int offset, int length) {
    int from = points == 1 ? 0 : ends[points - 2];
    return Arrays.equals(bytes, from, ends[points - 1], key, offset, offset + length);
  }

  /** Adds a range, {@code to} exclusive; keeps the arrays. */
  public void addRange(byte[] from, byte[] to) {
    if (Arrays.compareUnsigned(from, to) < 0) {
      ranges.add(new Range(from, to));
      if (ranges.size() > MAX_RANGES) {
        coarsen();
      }
    }
  }

  private void pointsToRanges() {
    int start = 0;
    for (int i = 0; i < points; i++) {
      byte[] key = Arrays.copyOfRange(bytes, start, ends[i]);
      ranges.add(new Range(key, Arrays.copyOf(key, key.length + 1)));
      start = ends[i];
    }
    points = 0;
    coarsen();
  }

  /** Joins ranges that overlap, and then neighbours, until there are few. */
  private void coarsen() {
    List<Range> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparing(Range::from, Arrays::compareUnsigned));
    List<Range> joined = join(sorted, false);
    while (joined.size() > MAX_RANGES / 4) {
      joined = join(joined, true);
    }
    ranges.clear();
    ranges.addAll(joined);
  }

  private static List<Range> join(List<Range> sorted, boolean pairs) {
    List<Range> joined = new ArrayList<>();
    int inPair = 0;
    for (Range each : sorted) {
      Range last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      boolean overlaps = last != null && Arrays.compareUnsigned(each.from, last.to) <= 0;
      boolean pairsUp = pairs && last != null && inPair == 1 && each.from[0] == last.from[0];
      if (overlaps || pairsUp) {
        joined.set(joined.size() - 1, new Range(last.from, later(last.to, each.to)));
        inPair = overlaps ? inPair : 2;
      } else {
        joined.add(each);
        inPair = 1;
      }
    }
    return joined.size() == sorted.size() && pairs ? List.of(whole(joined)) : joined;
  }

  private static Range whole(List<Range> sorted) {
    Range first = sorted.get(0);
    byte[] to = first.to;
    for (Range each : sorted) {
      to = later(to, each.to);
    }
    return new Range(first.from, to);
  }

  private static byte[] later(byte[] left, byte[] right) {
    return Arrays.compareUnsigned(left, right) >= 0 ? left : right;
  }

  /** Hands out everything; false as soon as the visitor says false. */
  public boolean forEach(Visitor visitor) {
    int start = 0;
    for (int i = 0; i < points; i++) {
      if (!visitor.point(bytes, start, ends[i] - start)) {
        return false;
      }
      start = ends[i];
    }
    for (Range range : ranges) {
      if (!visitor.range(range.from, range.to)) {
        return false;
      }
    }
    return true;
  }

  /** The number of keys and ranges kept. */
  public int size() {
    return points + ranges.size();
  }

  /** Removes everything. */
  public void clear() {
    points = 0;
    ranges.clear();
    if (bytes.length > 1 << 14) {
      bytes = new byte[256];
      ends = new int[16];
    }
  }

  /** The key after the given one, which an exclusive bound needs to include it. */
  public static byte[] after(byte[] key, int offset, int length) {
    return Arrays.copyOf(Arrays.copyOfRange(key, offset, offset + length), length + 1);
  }
}
