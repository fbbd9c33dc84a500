// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import dev.varve.ErrorCode;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.SortItem;
import dev.varve.query.ast.WindowSpecification;
import dev.varve.query.ast.WindowSpecification.Bound;
import dev.varve.query.ast.WindowSpecification.BoundKind;
import dev.varve.query.ast.WindowSpecification.Exclusion;
import dev.varve.query.ast.WindowSpecification.Frame;
import dev.varve.query.ast.WindowSpecification.Unit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads window specifications. */
final class WindowParser {
  private final Grammar grammar;
  private final TokenStream stream;

  WindowParser(Grammar grammar) {
    this.grammar = grammar;
    this.stream = grammar.stream;
  }

  /** OVER name or OVER (..). */
  WindowSpecification overClause() {
    stream.expect(Keyword.OVER);
    int start = stream.index();
    if (!stream.at(TokenKind.LEFT_PAREN)) {
      Identifier name = stream.columnName();
      return new WindowSpecification(name, true, List.of(), List.of(), null, stream.since(start));
    }
    return specification();
  }

  /** A specification in parentheses. */
  WindowSpecification specification() {
    int start = stream.index();
    stream.expect(TokenKind.LEFT_PAREN);
    Identifier base = null;
    if (stream.atColumnName(0) && !startsClause()) {
      base = stream.columnName();
    }
    List<Expression> partitionBy = List.of();
    if (stream.accept(Keyword.PARTITION, Keyword.BY)) {
      partitionBy = grammar.expressions.expressions();
    }
    List<SortItem> orderBy = grammar.queries.optionalOrderBy();
    Frame frame = optionalFrame();
    stream.expect(TokenKind.RIGHT_PAREN);
    return new WindowSpecification(base, false, partitionBy, orderBy, frame, stream.since(start));
  }

  private boolean startsClause() {
    return stream.at(Keyword.PARTITION)
        || stream.at(Keyword.ROWS)
        || stream.at(Keyword.RANGE)
        || stream.at(Keyword.GROUPS);
  }

  private @Nullable Frame optionalFrame() {
    int start = stream.index();
    Unit unit;
    if (stream.accept(Keyword.ROWS)) {
      unit = Unit.ROWS;
    } else if (stream.accept(Keyword.RANGE)) {
      unit = Unit.RANGE;
    } else if (stream.accept(Keyword.GROUPS)) {
      unit = Unit.GROUPS;
    } else {
      return null;
    }
    Bound from;
    Bound to;
    if (stream.accept(Keyword.BETWEEN)) {
      from = bound();
      stream.expect(Keyword.AND);
      to = bound();
    } else {
      from = bound();
      to = new Bound(BoundKind.CURRENT_ROW, null, from.span());
    }
    check(from, to);
    Exclusion exclusion = stream.accept(Keyword.EXCLUDE) ? exclusion() : Exclusion.NO_OTHERS;
    return new Frame(unit, from, to, exclusion, stream.since(start));
  }

  private Bound bound() {
    int start = stream.index();
    if (stream.accept(Keyword.UNBOUNDED)) {
      if (stream.accept(Keyword.PRECEDING)) {
        return new Bound(BoundKind.UNBOUNDED_PRECEDING, null, stream.since(start));
      }
      stream.expect(Keyword.FOLLOWING);
      return new Bound(BoundKind.UNBOUNDED_FOLLOWING, null, stream.since(start));
    }
    if (stream.accept(Keyword.CURRENT, Keyword.ROW)) {
      return new Bound(BoundKind.CURRENT_ROW, null, stream.since(start));
    }
    Expression offset = grammar.expressions.expression();
    if (stream.accept(Keyword.PRECEDING)) {
      return new Bound(BoundKind.PRECEDING, offset, stream.since(start));
    }
    stream.expect(Keyword.FOLLOWING);
    return new Bound(BoundKind.FOLLOWING, offset, stream.since(start));
  }

  private void check(Bound from, Bound to) {
    String wrong = null;
    Bound where = from;
    if (from.kind() == BoundKind.UNBOUNDED_FOLLOWING) {
      wrong = "frame start cannot be UNBOUNDED FOLLOWING";
    } else if (to.kind() == BoundKind.UNBOUNDED_PRECEDING) {
      wrong = "frame end cannot be UNBOUNDED PRECEDING";
      where = to;
    } else if (from.kind() == BoundKind.CURRENT_ROW && to.kind() == BoundKind.PRECEDING) {
      wrong = "frame starting from current row cannot have preceding rows";
    } else if (from.kind() == BoundKind.FOLLOWING
        && (to.kind() == BoundKind.PRECEDING || to.kind() == BoundKind.CURRENT_ROW)) {
      wrong = "frame starting from following row cannot have preceding rows";
    }
    if (wrong != null) {
      throw stream.source().error(ErrorCode.WINDOWING_ERROR, where.span(), wrong).build();
    }
  }

  private Exclusion exclusion() {
    if (stream.accept(Keyword.CURRENT)) {
      stream.expect(Keyword.ROW);
      return Exclusion.CURRENT_ROW;
    }
    if (stream.accept(Keyword.GROUP)) {
      return Exclusion.GROUP;
    }
    if (stream.accept(Keyword.TIES)) {
      return Exclusion.TIES;
    }
    stream.expect(Keyword.NO);
    stream.expect(Keyword.OTHERS);
    return Exclusion.NO_OTHERS;
  }
}
