// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.reliability;

import dev.varve.core.store.Operations;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.NavigableMap;

/** One operation of a commit: a put, a delete, or a range delete, on physical keys. */
record Change(byte kind, byte[] key, byte[] value) {
  static Change put(byte[] key, byte[] value) {
    return new Change(Operations.PUT, key, value);
  }

  static Change delete(byte[] key) {
    return new Change(Operations.DELETE, key, new byte[0]);
  }

  static Change deleteRange(byte[] from, byte[] to) {
    return new Change(Operations.DELETE_RANGE, from, to);
  }

  void addTo(Operations operations) {
    switch (kind) {
      case Operations.PUT -> operations.put(key, 0, key.length, value, 0, value.length);
      case Operations.DELETE -> operations.delete(key, 0, key.length);
      default -> operations.deleteRange(key, 0, key.length, value, 0, value.length);
    }
  }

  void applyTo(NavigableMap<byte[], byte[]> state) {
    switch (kind) {
      case Operations.PUT -> state.put(key, value);
      case Operations.DELETE -> state.remove(key);
      default -> {
        if (Arrays.compareUnsigned(key, value) < 0) {
          state.subMap(key, true, value, false).clear();
        }
      }
    }
  }

  @Override
  public String toString() {
    return switch (kind) {
      case Operations.PUT ->
          "put " + HexFormat.of().formatHex(key) + " (" + value.length + " bytes)";
      case Operations.DELETE -> "delete " + HexFormat.of().formatHex(key);
      default ->
          "delete range "
              + HexFormat.of().formatHex(key)
              + " .. "
              + HexFormat.of().formatHex(value);
    };
  }
}
