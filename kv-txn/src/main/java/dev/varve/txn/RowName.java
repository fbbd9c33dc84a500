// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.core.codec.KeyspacePrefix;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Shows physical keys to people: the keyspace's number and the key, as text when it is printable. */
final class RowName {
  private static final int MAX_BYTES = 64;

  private RowName() {}

  static String of(byte[] physical) {
    int prefix = KeyspacePrefix.lengthFrom(physical[0]);
    if (prefix > physical.length) {
      return HexFormat.of().formatHex(physical);
    }
    byte[] key = Arrays.copyOfRange(physical, prefix, physical.length);
    byte[] shown = key.length > MAX_BYTES ? Arrays.copyOf(key, MAX_BYTES) : key;
    String text =
        isPrintable(shown)
            ? "'" + new String(shown, StandardCharsets.US_ASCII) + "'"
            : "0x" + HexFormat.of().formatHex(shown);
    String rest = key.length > MAX_BYTES ? "..(" + key.length + " bytes)" : "";
    return KeyspacePrefix.read(physical, 0) + ":" + text + rest;
  }

  private static boolean isPrintable(byte[] bytes) {
    for (byte each : bytes) {
      if (each < 0x20 || each == 0x7f) {
        return false;
      }
    }
    return true;
  }
}
