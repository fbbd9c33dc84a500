// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.engine;

import java.nio.ByteBuffer;

/** Uses what was read, so that reading it cannot be optimised away. */
final class Sink {
  /** Written by each thread now and then; racy on purpose, only its being written counts. */
  static volatile long drain;

  private static final ThreadLocal<long[]> SUM = ThreadLocal.withInitial(() -> new long[1]);

  private Sink() {}

  static void touch(ByteBuffer bytes) {
    int at = bytes.position();
    if (at < bytes.limit() && (bytes.get(at) & 0x7f) == 0x7f) {
      SUM.get()[0]++;
    }
  }

  static void touch(byte[] bytes) {
    if (bytes.length > 0 && (bytes[0] & 0x7f) == 0x7f) {
      SUM.get()[0]++;
    }
  }
}
