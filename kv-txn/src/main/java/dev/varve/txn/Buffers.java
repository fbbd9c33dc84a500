// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn;

import dev.varve.ErrorCode;
import dev.varve.KeyValues;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Small helps with byte strings that users hand in. */
final class Buffers {
  private Buffers() {}

  /** What remains in a buffer, whose position stays. */
  static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return bytes;
  }

  /** Copies as much of {@code value} as fits; returns its length, or -1 of null. */
  static int copy(byte @Nullable [] value, ByteBuffer into) {
    if (value == null) {
      return -1;
    }
    into.put(value, 0, Math.min(value.length, into.remaining()));
    return value.length;
  }

  static void checkKeyBytes(int bytes) {
    if (bytes > KeyValues.MAX_KEY_BYTES) {
      throw ErrorCode.KEY_TOO_LONG
          .error("A key is longer than Varve stores.")
          .fact("keyBytes", bytes)
          .fact("maxBytes", KeyValues.MAX_KEY_BYTES)
          .build();
    }
  }
}
