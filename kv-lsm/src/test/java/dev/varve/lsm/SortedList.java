// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.core.store.SortedOperations;
import java.util.ArrayList;
import java.util.List;

/** Sorted operations from a list. */
final class SortedList implements SortedOperations {
  private record Each(byte kind, byte[] key, byte[] value) {}

  private final List<Each> all = new ArrayList<>();
  private int at = -1;

  void add(byte kind, byte[] key, byte[] value) {
    all.add(new Each(kind, key, value));
  }

  @Override
  public boolean next() {
    return ++at < all.size();
  }

  @Override
  public byte kind() {
    return all.get(at).kind;
  }

  @Override
  public byte[] keyArray() {
    return all.get(at).key;
  }

  @Override
  public int keyOffset() {
    return 0;
  }

  @Override
  public int keyBytes() {
    return all.get(at).key.length;
  }

  @Override
  public byte[] valueArray() {
    return all.get(at).value;
  }

  @Override
  public int valueOffset() {
    return 0;
  }

  @Override
  public int valueBytes() {
    return all.get(at).value.length;
  }
}
