// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.micro;

import dev.varve.bench.workload.Data;

/** Physical keys of the unnamed keyspace, made once. */
final class MicroKeys {
  static final int BYTES = 1 + Data.KEY_BYTES;

  private final byte[][] keys;

  MicroKeys(int count) {
    keys = new byte[count][BYTES];
    byte[] user = new byte[Data.KEY_BYTES];
    for (int i = 0; i < count; i++) {
      Data.key(2L * i, user);
      System.arraycopy(user, 0, keys[i], 1, user.length);
    }
  }

  byte[] get(int index) {
    return keys[index];
  }

  /** A key that sorts right behind {@code get(index)} and is not stored. */
  byte[] missing(int index) {
    byte[] missing = keys[index].clone();
    missing[BYTES - 1]++;
    return missing;
  }
}
