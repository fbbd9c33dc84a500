// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.session;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.ast.SourceText;
import dev.varve.query.ast.Span;
import java.util.function.Supplier;

/** Completes errors on their way to the caller. */
final class Errors {
  private static final String FRAGMENT = "\nLINE ";

  private Errors() {}

  /**
   * What {@code body} returns. Errors that know their place in {@code sql} show it; a stack that
   * overflows is an error like others.
   */
  static <T> T inText(String sql, Supplier<T> body) {
    try {
      return body.get();
    } catch (VarveException e) {
      throw placed(sql, e);
    } catch (StackOverflowError e) {
      throw ErrorCode.STATEMENT_TOO_COMPLEX
          .error("stack depth limit exceeded")
          .hint("Split the statement, or run it on a thread with a larger stack.")
          .build();
    }
  }

  private static VarveException placed(String sql, VarveException error) {
    int position = error.position();
    boolean shown = error.getMessage() != null && error.getMessage().contains(FRAGMENT);
    if (position < 1
        || position > sql.length() + 1
        || shown
        || error.code().category() != ErrorCode.Category.USER) {
      return error;
    }
    VarveException.Builder placed =
        new SourceText(sql).error(error.code(), new Span(position - 1, position), error.sentence());
    error.facts().forEach(placed::fact);
    if (error.hint() != null) {
      placed.hint(error.hint());
    }
    return placed.cause(error).build();
  }
}
