// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.ast;

import java.util.List;

/** Anything that can be executed. */
public sealed interface Statement
    permits Statement.QueryStatement,
        Statement.Explain,
        DataStatement,
        DefinitionStatement,
        TransactionStatement,
        SessionStatement {
  /** The text it was read from, without a semicolon. */
  Span span();

  /** A query on its own. */
  record QueryStatement(Query query, Span span) implements Statement {}

  /**
   * EXPLAIN.
   *
   * @param options the names of what stood in parentheses and is on, in lower case, ANALYZE apart
   */
  record Explain(boolean analyze, List<String> options, Statement statement, Span span)
      implements Statement {}
}
