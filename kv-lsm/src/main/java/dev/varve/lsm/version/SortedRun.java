// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.version;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Tables side by side: ascending, no two with a key in common but for one whose versions fill more
 * than a table, which then follow each other, newest first. A level below 0 is one run; level 0 is
 * many. Immutable.
 *
 * <p>A key's table is found by a binary search over eight bytes of each upper bound, kept in one
 * array: those that follow what all bounds begin with.
 */
public final class SortedRun {
  /** Without tables. */
  public static final SortedRun EMPTY = new SortedRun(0, List.of());

  private static final Comparator<TableFile> ORDER =
      Comparator.<TableFile, byte[]>comparing(
              file -> file.meta().smallest(), Arrays::compareUnsigned)
          .thenComparing(file -> file.meta().maxTimestamp(), Comparator.reverseOrder());

  private final long number;
  private final TableFile[] files;
  private final long bytes;
  private final long entries;
  private final long minTimestamp;
  private final long maxTimestamp;
  private final boolean unique;
  private final boolean hasRangeDeletes;
  private final boolean hasContinued;

  private final byte[] common;
  private final long[] largestPrefixes;

  /** A run of {@code files}, in any order. */
  public SortedRun(long number, List<TableFile> files) {
    this.number = number;
    this.files = files.toArray(new TableFile[0]);
    Arrays.sort(this.files, ORDER);
    long sumBytes = 0;
    long sumEntries = 0;
    long oldest = Long.MAX_VALUE;
    long newest = 0;
    boolean allUnique = true;
    boolean anyRangeDelete = false;
    boolean anyContinued = false;
    for (TableFile file : this.files) {
      FileMeta meta = file.meta();
      sumBytes += meta.fileBytes();
      sumEntries += meta.entries();
      oldest = Math.min(oldest, meta.minTimestamp());
      newest = Math.max(newest, meta.maxTimestamp());
      allUnique &= meta.isUnique();
      anyRangeDelete |= meta.rangeDeletes() > 0;
    }
    this.bytes = sumBytes;
    this.entries = sumEntries;
    this.minTimestamp = oldest;
    this.maxTimestamp = newest;
    this.hasRangeDeletes = anyRangeDelete;
    this.common = commonPrefix(this.files);
    this.largestPrefixes = new long[this.files.length];
    for (int i = 0; i < this.files.length; i++) {
      byte[] largest = this.files[i].meta().largest();
      largestPrefixes[i] = prefix(largest, common.length, largest.length);
      anyContinued |= i > 0 && touchesBefore(i);
    }
    this.hasContinued = anyContinued;
    this.unique = allUnique && !anyContinued;
  }

  /** Orders runs of level 0; of no meaning below. */
  public long number() {
    return number;
  }

  /** How many tables. */
  public int size() {
    return files.length;
  }

  /** The table at {@code index}. */
  public TableFile file(int index) {
    return files[index];
  }

  /** All tables, ascending. */
  public List<TableFile> files() {
    return List.of(files);
  }

  /** The tables' sizes on disk together. */
  public long bytes() {
    return bytes;
  }

  /** Point versions in it. */
  public long entries() {
    return entries;
  }

  /** The oldest timestamp in it. */
  public long minTimestamp() {
    return minTimestamp;
  }

  /** The newest timestamp in it. */
  public long maxTimestamp() {
    return maxTimestamp;
  }

  /** Whether no key has more than one version in it. */
  public boolean isUnique() {
    return unique;
  }

  /** Whether a table of it has range tombstones. */
  public boolean hasRangeDeletes() {
    return hasRangeDeletes;
  }

  /** Whether there is no table. */
  public boolean isEmpty() {
    return files.length == 0;
  }

  /** The index of the first table that does not end before the key, or {@link #size()}. */
  public int find(byte[] key, int offset, int keyBytes) {
    int shared = common.length;
    if (shared > 0) {
      int order =
          Arrays.compareUnsigned(
              key, offset, offset + Math.min(keyBytes, shared), common, 0, shared);
      if (order != 0) {
        return order < 0 ? 0 : files.length;
      }
    }
    long wanted = prefix(key, offset + shared, offset + keyBytes) ^ Long.MIN_VALUE;
    int low = 0;
    int high = files.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if ((largestPrefixes[middle] ^ Long.MIN_VALUE) < wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    while (low < files.length
        && (largestPrefixes[low] ^ Long.MIN_VALUE) == wanted
        && endsBefore(low, key, offset, keyBytes)) {
      low++;
    }
    return low;
  }

  /** Whether the table at {@code index} begins after the key. */
  public boolean startsAfter(int index, byte[] key, int offset, int keyBytes) {
    byte[] smallest = files[index].meta().smallest();
    return Arrays.compareUnsigned(smallest, 0, smallest.length, key, offset, offset + keyBytes) > 0;
  }

  /** Whether the table at {@code index} begins with a key that the one before may hold as well. */
  public boolean continues(int index) {
    return hasContinued && touchesBefore(index);
  }

  private boolean touchesBefore(int index) {
    return !files[index - 1].meta().endsBefore(files[index].meta().smallest());
  }

  private boolean endsBefore(int index, byte[] key, int offset, int keyBytes) {
    FileMeta meta = files[index].meta();
    byte[] largest = meta.largest();
    int order = Arrays.compareUnsigned(largest, 0, largest.length, key, offset, offset + keyBytes);
    return order < 0 || order == 0 && meta.largestExclusive();
  }

  private static byte[] commonPrefix(TableFile[] files) {
    if (files.length == 0) {
      return new byte[0];
    }
    byte[] first = files[0].meta().largest();
    byte[] last = files[files.length - 1].meta().largest();
    int mismatch = Arrays.mismatch(first, last);
    return Arrays.copyOf(first, mismatch < 0 ? first.length : mismatch);
  }

  /** The bytes from {@code at} on as a number that sorts as they do, padded with zeros. */
  private static long prefix(byte[] key, int at, int end) {
    int available = end - at;
    if (available >= Long.BYTES) {
      return dev.varve.core.codec.Bytes.longBE(key, at);
    }
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = value << 8 | (i < available ? key[at + i] & 0xff : 0);
    }
    return value;
  }
}
