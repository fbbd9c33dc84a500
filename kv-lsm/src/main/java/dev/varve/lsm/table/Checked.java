// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Which blocks of a table were found intact: one bit each, set once. A reader that does not see a
 * bit yet that another thread has set checks the block again, no more.
 */
final class Checked {
  private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] words;

  Checked(int count) {
    this.words = new long[(count + Long.SIZE - 1) / Long.SIZE];
  }

  boolean contains(int index) {
    return (words[index >>> 6] >>> index & 1) != 0;
  }

  void add(int index) {
    WORDS.getAndBitwiseOr(words, index >>> 6, 1L << index);
  }
}
