// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.inspect;

import dev.varve.core.codec.KeyspacePrefix;
import java.util.Arrays;
import java.util.HexFormat;

/** Physical keys for people: keyspace number, then the user key as text or hexadecimal. */
public final class KeyText {
  private static final int MAX_BYTES = 24;

  private KeyText() {}

  /** A physical key, cut when it is long. */
  public static String of(byte[] physical) {
    if (physical.length == 0 || KeyspacePrefix.lengthFrom(physical[0]) > physical.length) {
      return "0x" + HexFormat.of().formatHex(physical);
    }
    int id = KeyspacePrefix.read(physical, 0);
    byte[] user =
        Arrays.copyOfRange(physical, KeyspacePrefix.lengthFrom(physical[0]), physical.length);
    byte[] shown = Arrays.copyOf(user, Math.min(user.length, MAX_BYTES));
    boolean printable = true;
    for (byte each : shown) {
      printable &= each >= 0x20 && each < 0x7f;
    }
    String text =
        printable
            ? new String(shown, java.nio.charset.StandardCharsets.US_ASCII)
            : "0x" + HexFormat.of().formatHex(shown);
    return id + "/" + text + (shown.length < user.length ? ".." : "");
  }

  /** Whose keyspace it is. */
  public static String keyspaceKind(int id) {
    return id == 0
        ? "the unnamed keyspace"
        : id < 16 ? "of the store" : id < 32 ? "of the catalog" : "a named map, SQL table or index";
  }
}
