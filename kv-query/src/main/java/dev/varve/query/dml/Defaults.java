// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.dml;

import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Span;
import dev.varve.query.binder.Target;
import dev.varve.query.catalog.Catalog;
import dev.varve.query.catalog.SequenceDefinition;
import dev.varve.query.catalog.TableColumn;
import dev.varve.query.expression.Evaluator;
import dev.varve.query.parser.Parser;
import java.util.List;

/** What a column holds when nothing is given for it. */
public final class Defaults {
  private Defaults() {}

  /** The default of {@code column} as syntax: its sequence's next value, its DEFAULT, or NULL. */
  public static Expression expression(TableColumn column, Catalog catalog) {
    boolean drawsNumbers =
        column.identity() != TableColumn.Identity.NONE
            || column.defaultText() != null && column.defaultText().startsWith("nextval(");
    SequenceDefinition sequence =
        drawsNumbers && column.sequence() != 0 ? catalog.sequence(column.sequence()) : null;
    if (sequence != null) {
      String name = quote(sequence.schema()) + "." + quote(sequence.name());
      return Syntax.call("nextval", List.of(new Expression.StringLiteral(name, Span.NONE)));
    }
    String text = column.defaultText();
    return text == null ? new Expression.NullLiteral(Span.NONE) : Parser.parseExpression(text);
  }

  /** The default as an evaluator that reads no columns. */
  static Evaluator evaluator(TableColumn column, StatementContext.Planning planning) {
    return planning.evaluator(
        expression(column, planning.catalog()),
        List.of(),
        new Target(column.type(), column.name()));
  }

  /** A name in quotes, as an identifier. */
  public static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
