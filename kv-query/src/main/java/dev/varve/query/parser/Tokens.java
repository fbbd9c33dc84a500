// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The tokens of a text in order, the last of kind END, with each parenthesis' partner. */
final class Tokens {
  private TokenKind[] kinds;
  private int[] starts;
  private int[] ends;
  private int[] partners;
  private @Nullable Object[] values;
  private int count;
  private int innermostOpen = -1;

  Tokens(int expected) {
    kinds = new TokenKind[expected];
    starts = new int[expected];
    ends = new int[expected];
    partners = new int[expected];
    values = new Object[expected];
  }

  void add(TokenKind kind, int start, int end, @Nullable Object value) {
    if (count == kinds.length) {
      grow();
    }
    kinds[count] = kind;
    starts[count] = start;
    ends[count] = end;
    values[count] = value;
    partners[count] = -1;
    if (kind == TokenKind.LEFT_PAREN) {
      // While it is open, the place for the partner holds the next outer open one.
      partners[count] = innermostOpen;
      innermostOpen = count;
    } else if (kind == TokenKind.RIGHT_PAREN && innermostOpen >= 0) {
      int open = innermostOpen;
      innermostOpen = partners[open];
      partners[open] = count;
    } else if (kind == TokenKind.END) {
      while (innermostOpen >= 0) {
        int open = innermostOpen;
        innermostOpen = partners[open];
        partners[open] = -1;
      }
    }
    count++;
  }

  int count() {
    return count;
  }

  TokenKind kind(int index) {
    return kinds[Math.min(index, count - 1)];
  }

  int start(int index) {
    return starts[Math.min(index, count - 1)];
  }

  int end(int index) {
    return ends[Math.min(index, count - 1)];
  }

  @Nullable Object value(int index) {
    return values[Math.min(index, count - 1)];
  }

  /** The token that closes the parenthesis opened at {@code index}, or -1. */
  int partner(int index) {
    return partners[index];
  }

  private void grow() {
    int length = Math.max(16, kinds.length * 2);
    kinds = Arrays.copyOf(kinds, length);
    starts = Arrays.copyOf(starts, length);
    ends = Arrays.copyOf(ends, length);
    partners = Arrays.copyOf(partners, length);
    values = Arrays.copyOf(values, length);
  }
}
