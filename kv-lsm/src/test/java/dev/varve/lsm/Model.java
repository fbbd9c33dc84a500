// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.KeyRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What a store should hold: all versions of all keys, on the heap. */
final class Model {
  /** One entry of a scan. */
  record Entry(byte[] key, byte[] value) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Entry that
          && Arrays.equals(key, that.key)
          && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(key);
    }

    @Override
    public String toString() {
      return new String(key, java.nio.charset.StandardCharsets.ISO_8859_1)
          + "="
          + (value.length == 0 ? "" : (char) value[0])
          + value.length;
    }
  }

  private record RangeDelete(byte[] from, byte[] to, long timestamp) {}

  private final NavigableMap<byte[], NavigableMap<Long, Optional<byte[]>>> versions =
      new TreeMap<>(Arrays::compareUnsigned);
  private final List<RangeDelete> rangeDeletes = new ArrayList<>();

  void put(byte[] key, byte[] value, long timestamp) {
    versions.computeIfAbsent(key, k -> new TreeMap<>()).put(timestamp, Optional.of(value));
  }

  void delete(byte[] key, long timestamp) {
    versions.computeIfAbsent(key, k -> new TreeMap<>()).put(timestamp, Optional.empty());
  }

  void deleteRange(byte[] from, byte[] to, long timestamp) {
    rangeDeletes.add(new RangeDelete(from, to, timestamp));
    versions
        .subMap(from, true, Arrays.compareUnsigned(from, to) < 0 ? to : from, false)
        .values()
        .forEach(each -> each.remove(timestamp));
    for (Map.Entry<byte[], NavigableMap<Long, Optional<byte[]>>> each : versions.entrySet()) {
      if (covers(from, to, each.getKey())) {
        each.getValue().put(timestamp, Optional.empty());
      }
    }
  }

  byte[] get(byte[] key, long timestamp) {
    NavigableMap<Long, Optional<byte[]>> of = versions.get(key);
    if (of == null) {
      return null;
    }
    Map.Entry<Long, Optional<byte[]>> newest = of.floorEntry(timestamp);
    return newest == null ? null : newest.getValue().orElse(null);
  }

  boolean changed(byte[] key, long after, long before) {
    NavigableMap<Long, Optional<byte[]>> of = versions.get(key);
    if (of != null && !of.subMap(after, false, before, false).isEmpty()) {
      return true;
    }
    for (RangeDelete each : rangeDeletes) {
      if (each.timestamp > after && each.timestamp < before && covers(each.from, each.to, key)) {
        return true;
      }
    }
    return false;
  }

  List<Entry> scan(KeyRange range, long timestamp) {
    List<Entry> entries = new ArrayList<>();
    for (byte[] key : versions.keySet()) {
      byte[] value = get(key, timestamp);
      if (value != null && range.contains(key)) {
        entries.add(new Entry(key, value));
      }
    }
    if (range.isReversed()) {
      Collections.reverse(entries);
    }
    return entries;
  }

  private static boolean covers(byte[] from, byte[] to, byte[] key) {
    return Arrays.compareUnsigned(from, key) <= 0 && Arrays.compareUnsigned(key, to) < 0;
  }
}
