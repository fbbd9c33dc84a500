// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ast;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of SQL text. Any two spans are equal, so that syntax trees compare by what they say and
 * not by where they say it.
 *
 * @param start the first character, from 0
 * @param end the character after the last one
 */
public record Span(int start, int end) {
  /** For nodes that no text was read for. */
  public static final Span NONE = new Span(-1, -1);

  /** From the beginning of this span to the end of {@code last}. */
  public Span to(Span last) {
    return new Span(start, last.end);
  }

  /** The start as errors report it, from 1; 0 when there is none. */
  public int position() {
    return start + 1;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Span;
  }

  @Override
  public int hashCode() {
    return 0;
  }
}
