// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.aggregate;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.ColumnStore;
import dev.varve.query.vector.Hashes;
import dev.varve.query.vector.IntVector;
import dev.varve.query.vector.LongVector;
import dev.varve.query.vector.Vector;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers distinct keys from 0 in the order of their coming; NULL equals NULL. Open addressing with
 * linear probing, at most half full. A key of one INTEGER- or BIGINT-like column is kept in the slots
 * themselves; any other is compared by its hash, then column by column. Not thread-safe.
 */
final class GroupTable {
  /** The number given to a key that is not there and is not to be added. */
  static final int ABSENT = -1;

  private static final int INITIAL_SLOTS = 256;

  private final ColumnStore keys;
  private final Vector[] current;
  private final boolean isSingleNumber;
  private int[] slots = new int[INITIAL_SLOTS];
  private long[] slotKeys = new long[0];
  private long[] groupHashes = new long[0];
  private long[] batchHashes = new long[Batch.CAPACITY];
  private int nullGroup = ABSENT;

  GroupTable(List<SqlType> types) {
    this.keys = new ColumnStore(types);
    this.current = new Vector[types.size()];
    this.isSingleNumber =
        types.size() == 1
            && switch (types.get(0).kind().storage()) {
              case INT, LONG -> true;
              default -> false;
            };
    clear();
  }

  /** The number of keys. */
  int count() {
    return keys.count();
  }

  /** The keys by their numbers. */
  ColumnStore keys() {
    return keys;
  }

  /** Heap bytes of keys and table. */
  long sizeBytes() {
    return keys.sizeBytes() + slots.length * 4L + slotKeys.length * 8L + groupHashes.length * 8L;
  }

  /** Forgets all keys. */
  void clear() {
    keys.clear();
    slots = new int[INITIAL_SLOTS];
    slotKeys = isSingleNumber ? new long[INITIAL_SLOTS] : slotKeys;
    groupHashes = isSingleNumber ? groupHashes : new long[INITIAL_SLOTS / 2];
    nullGroup = ABSENT;
  }

  /**
   * Finds the keys of rows.
   *
   * @param columns the columns of the key
   * @param groups receives the number of each, indexed like {@code selection}
   * @param mayAdd whether new keys are added; else they are {@link #ABSENT}
   */
  void assign(
      Vector[] columns, int @Nullable [] selection, int count, int[] groups, boolean mayAdd) {
    System.arraycopy(columns, 0, current, 0, columns.length);
    if (!isSingleNumber) {
      assignHashed(selection, count, groups, mayAdd);
    } else if (columns[0] instanceof IntVector ints) {
      assignInts(ints, selection, count, groups, mayAdd);
    } else {
      assignLongs((LongVector) columns[0], selection, count, groups, mayAdd);
    }
  }

  private void assignInts(
      IntVector column, int @Nullable [] selection, int count, int[] groups, boolean mayAdd) {
    int[] values = column.values;
    boolean hasNulls = column.hasNulls;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      if (hasNulls && column.nulls[row]) {
        groups[k] = nullGroup(row, mayAdd);
        continue;
      }
      long key = values[row];
      int mask = slots.length - 1;
      int slot = (int) Hashes.mix(key) & mask;
      int group = slots[slot];
      while (group != 0 && slotKeys[slot] != key) {
        slot = slot + 1 & mask;
        group = slots[slot];
      }
      groups[k] = group != 0 ? group - 1 : mayAdd ? insertNumber(key, slot, row) : ABSENT;
    }
  }

  private void assignLongs(
      LongVector column, int @Nullable [] selection, int count, int[] groups, boolean mayAdd) {
    long[] values = column.values;
    boolean hasNulls = column.hasNulls;
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      if (hasNulls && column.nulls[row]) {
        groups[k] = nullGroup(row, mayAdd);
        continue;
      }
      long key = values[row];
      int mask = slots.length - 1;
      int slot = (int) Hashes.mix(key) & mask;
      int group = slots[slot];
      while (group != 0 && slotKeys[slot] != key) {
        slot = slot + 1 & mask;
        group = slots[slot];
      }
      groups[k] = group != 0 ? group - 1 : mayAdd ? insertNumber(key, slot, row) : ABSENT;
    }
  }

  private int nullGroup(int row, boolean mayAdd) {
    if (nullGroup == ABSENT && mayAdd) {
      nullGroup = keys.count();
      keys.append(current, row);
    }
    return nullGroup;
  }

  private int insertNumber(long key, int slot, int row) {
    int group = keys.count();
    keys.append(current, row);
    slots[slot] = group + 1;
    slotKeys[slot] = key;
    if (group * 2 >= slots.length) {
      growNumbers();
    }
    return group;
  }

  private void growNumbers() {
    int[] oldSlots = slots;
    long[] oldKeys = slotKeys;
    slots = new int[oldSlots.length * 4];
    slotKeys = new long[slots.length];
    int mask = slots.length - 1;
    for (int i = 0; i < oldSlots.length; i++) {
      if (oldSlots[i] != 0) {
        int slot = (int) Hashes.mix(oldKeys[i]) & mask;
        while (slots[slot] != 0) {
          slot = slot + 1 & mask;
        }
        slots[slot] = oldSlots[i];
        slotKeys[slot] = oldKeys[i];
      }
    }
  }

  private void assignHashed(int @Nullable [] selection, int count, int[] groups, boolean mayAdd) {
    hash(current, selection, count);
    for (int k = 0; k < count; k++) {
      int row = selection == null ? k : selection[k];
      long hash = batchHashes[k];
      int mask = slots.length - 1;
      int slot = (int) hash & mask;
      int group = slots[slot];
      while (group != 0 && !(groupHashes[group - 1] == hash && agrees(group - 1, row))) {
        slot = slot + 1 & mask;
        group = slots[slot];
      }
      groups[k] = group != 0 ? group - 1 : mayAdd ? insertHashed(hash, slot, row) : ABSENT;
    }
  }

  /** The hashes of rows' keys, indexed like {@code selection}. */
  long[] hash(Vector[] columns, int @Nullable [] selection, int count) {
    if (batchHashes.length < count) {
      batchHashes = new long[count];
    }
    for (int i = 0; i < columns.length; i++) {
      columns[i].hash(selection, count, batchHashes, i > 0);
    }
    for (int k = 0; k < count && columns.length > 1; k++) {
      batchHashes[k] = Hashes.mix(batchHashes[k]);
    }
    return batchHashes;
  }

  private boolean agrees(int group, int row) {
    for (int i = 0; i < current.length; i++) {
      Vector key = keys.column(i);
      boolean isNull = current[i].nulls[row];
      if (isNull != key.nulls[group] || !isNull && !key.equal(group, current[i], row)) {
        return false;
      }
    }
    return true;
  }

  private int insertHashed(long hash, int slot, int row) {
    int group = keys.count();
    keys.append(current, row);
    if (group == groupHashes.length) {
      groupHashes = Arrays.copyOf(groupHashes, group * 2);
    }
    groupHashes[group] = hash;
    slots[slot] = group + 1;
    if (group * 2 >= slots.length) {
      growHashed();
    }
    return group;
  }

  private void growHashed() {
    slots = new int[slots.length * 4];
    int mask = slots.length - 1;
    for (int group = 0; group < keys.count(); group++) {
      int slot = (int) groupHashes[group] & mask;
      while (slots[slot] != 0) {
        slot = slot + 1 & mask;
      }
      slots[slot] = group + 1;
    }
  }
}
