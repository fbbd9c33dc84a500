// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import dev.varve.ErrorCode;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.Query.CommonTable;
import dev.varve.query.ast.Query.LockConflict;
import dev.varve.query.ast.Query.LockStrength;
import dev.varve.query.ast.Query.Locking;
import dev.varve.query.ast.QueryBody;
import dev.varve.query.ast.QueryBody.GroupingElement;
import dev.varve.query.ast.QueryBody.SelectItem;
import dev.varve.query.ast.QueryBody.SetOperator;
import dev.varve.query.ast.SortItem;
import dev.varve.query.ast.Statement;
import dev.varve.query.ast.TableReference;
import dev.varve.query.ast.WindowSpecification;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads queries: WITH, SELECT, VALUES, set operations, and what follows them. */
final class QueryParser {
  /** What a query counts for in depth: the binder and the optimizer recurse more for it. */
  private static final int QUERY_LEVELS = 4;

  private final Grammar grammar;
  private final TokenStream stream;
  private @Nullable QualifiedName into;

  QueryParser(Grammar grammar) {
    this.grammar = grammar;
    this.stream = grammar.stream;
  }

  /** The table of SELECT .. INTO in the query read last, or null. */
  @Nullable QualifiedName takeInto() {
    QualifiedName taken = into;
    into = null;
    return taken;
  }

  /** Whether a query begins at the current token. */
  boolean atQuery() {
    return startsQuery(0) || stream.at(TokenKind.LEFT_PAREN) && atQueryInParens(0);
  }

  private boolean startsQuery(int ahead) {
    Keyword keyword = stream.keyword(ahead);
    return keyword == Keyword.SELECT
        || keyword == Keyword.VALUES
        || keyword == Keyword.WITH
        || keyword == Keyword.TABLE;
  }

  /** Whether the parentheses that open at {@code ahead} hold a query and not an expression or join. */
  boolean atQueryInParens(int ahead) {
    int innermost = ahead;
    while (stream.at(innermost, TokenKind.LEFT_PAREN)) {
      innermost++;
      stream.reach(innermost - ahead);
    }
    if (innermost == ahead || !startsQuery(innermost)) {
      return false;
    }
    // ((query) ..) is a query only if what follows each inner pair goes on with one.
    for (int open = innermost - 1; open > ahead; open--) {
      int close = stream.partnerAhead(open);
      if (close < 0 || !goesOn(close + 1)) {
        return false;
      }
    }
    return true;
  }

  private boolean goesOn(int ahead) {
    if (stream.at(ahead, TokenKind.RIGHT_PAREN)) {
      return true;
    }
    Keyword keyword = stream.keyword(ahead);
    if (keyword == null) {
      return false;
    }
    return switch (keyword) {
      case UNION, INTERSECT, EXCEPT, ORDER, LIMIT, OFFSET, FETCH, FOR -> true;
      default -> false;
    };
  }

  /** A query in parentheses. */
  Query queryInParens() {
    stream.expect(TokenKind.LEFT_PAREN);
    Query query = query();
    stream.expect(TokenKind.RIGHT_PAREN);
    return query;
  }

  /** A query. */
  Query query() {
    int start = stream.index();
    boolean recursive = stream.at(Keyword.WITH) && stream.at(1, Keyword.RECURSIVE);
    List<CommonTable> with = optionalWith();
    return queryAfterWith(with, recursive, start);
  }

  Query queryAfterWith(List<CommonTable> with, boolean recursive, int start) {
    stream.descend(QUERY_LEVELS);
    int outer = stream.deepest();
    stream.restartDeepest();
    QueryBody body = unionOrExcept();
    List<SortItem> orderBy = optionalOrderBy();
    Expression limit = null;
    Expression offset = null;
    boolean withTies = false;
    boolean limited = false;
    List<Locking> locking = new ArrayList<>();
    while (true) {
      if (!limited && stream.accept(Keyword.LIMIT)) {
        limited = true;
        limit = stream.accept(Keyword.ALL) ? null : grammar.expressions.expression();
        refuseLimitWithComma();
      } else if (!limited && stream.at(Keyword.FETCH)) {
        limited = true;
        limit = fetchCount();
        withTies = fetchEnd();
        if (withTies && limit instanceof Expression.NullLiteral) {
          throw stream
              .source()
              .error(
                  ErrorCode.INVALID_LIMIT,
                  limit.span(),
                  "row count cannot be null in FETCH FIRST ... WITH TIES clause")
              .build();
        }
      } else if (offset == null && stream.accept(Keyword.OFFSET)) {
        offset = grammar.expressions.expression();
        if (!stream.accept(Keyword.ROW)) {
          stream.accept(Keyword.ROWS);
        }
      } else if (stream.at(Keyword.FOR)) {
        optionalLocking(locking);
      } else {
        break;
      }
    }
    stream.reach(outer);
    stream.ascend(QUERY_LEVELS);
    boolean bare =
        with.isEmpty() && orderBy.isEmpty() && !limited && offset == null && locking.isEmpty();
    if (bare && body instanceof QueryBody.Nested nested) {
      return nested.query();
    }
    Query inner = body instanceof QueryBody.Nested nested ? nested.query() : null;
    if (inner != null && mergeable(inner, with, orderBy, limited, offset, locking)) {
      boolean innerLimit = !limited;
      return new Query(
          with.isEmpty() ? inner.with() : with,
          recursive || inner.recursive(),
          inner.body(),
          orderBy.isEmpty() ? inner.orderBy() : orderBy,
          innerLimit ? inner.limit() : limit,
          innerLimit ? inner.withTies() : withTies,
          offset == null ? inner.offset() : offset,
          locking.isEmpty() ? inner.locking() : List.copyOf(locking),
          stream.since(start));
    }
    return new Query(
        with,
        recursive,
        body,
        orderBy,
        limit,
        withTies,
        offset,
        List.copyOf(locking),
        stream.since(start));
  }

  /** Clauses behind parentheses join those inside, as PostgreSQL has it; none may stand twice. */
  private boolean mergeable(
      Query inner,
      List<CommonTable> with,
      List<SortItem> orderBy,
      boolean limited,
      @Nullable Expression offset,
      List<Locking> locking) {
    String twice =
        !with.isEmpty() && !inner.with().isEmpty()
            ? "WITH"
            : !orderBy.isEmpty() && !inner.orderBy().isEmpty()
                ? "ORDER BY"
                : limited && inner.limit() != null
                    ? "LIMIT"
                    : offset != null && inner.offset() != null ? "OFFSET" : null;
    if (twice != null) {
      throw stream
          .source()
          .error(ErrorCode.SYNTAX_ERROR, inner.span(), "multiple " + twice + " clauses not allowed")
          .build();
    }
    return locking.isEmpty() || inner.locking().isEmpty();
  }

  private void refuseLimitWithComma() {
    if (stream.at(TokenKind.COMMA)) {
      throw stream
          .error(ErrorCode.SYNTAX_ERROR, "LIMIT #,# syntax is not supported")
          .hint("Use separate LIMIT and OFFSET clauses.")
          .build();
    }
  }

  private Expression fetchCount() {
    int start = stream.index();
    stream.expect(Keyword.FETCH);
    if (!stream.accept(Keyword.FIRST)) {
      stream.expect(Keyword.NEXT);
    }
    return stream.at(Keyword.ROW) || stream.at(Keyword.ROWS)
        ? new Expression.IntegerLiteral(1, stream.since(start))
        : grammar.expressions.signedPrimary();
  }

  private boolean fetchEnd() {
    if (!stream.accept(Keyword.ROW)) {
      stream.expect(Keyword.ROWS);
    }
    if (stream.accept(Keyword.ONLY)) {
      return false;
    }
    stream.expect(Keyword.WITH);
    stream.expect(Keyword.TIES);
    return true;
  }

  private void optionalLocking(List<Locking> locking) {
    int start = stream.index();
    stream.expect(Keyword.FOR);
    if (stream.accept(Keyword.READ, Keyword.ONLY)) {
      return;
    }
    LockStrength strength;
    if (stream.accept(Keyword.UPDATE)) {
      strength = LockStrength.UPDATE;
    } else if (stream.accept(Keyword.SHARE)) {
      strength = LockStrength.SHARE;
    } else if (stream.accept(Keyword.KEY, Keyword.SHARE)) {
      strength = LockStrength.KEY_SHARE;
    } else {
      stream.expect(Keyword.NO);
      stream.expect(Keyword.KEY);
      stream.expect(Keyword.UPDATE);
      strength = LockStrength.NO_KEY_UPDATE;
    }
    List<Identifier> of = stream.accept(Keyword.OF) ? grammar.names.names() : List.of();
    LockConflict conflict = LockConflict.WAIT;
    if (stream.accept(Keyword.NOWAIT)) {
      conflict = LockConflict.NOWAIT;
    } else if (stream.accept(Keyword.SKIP, Keyword.LOCKED)) {
      conflict = LockConflict.SKIP_LOCKED;
    }
    locking.add(new Locking(strength, of, conflict, stream.since(start)));
  }

  // WITH.

  /** The common tables of a WITH clause, or none. */
  List<CommonTable> optionalWith() {
    if (!stream.accept(Keyword.WITH)) {
      return List.of();
    }
    stream.accept(Keyword.RECURSIVE);
    List<CommonTable> tables = new ArrayList<>();
    do {
      tables.add(commonTable());
    } while (stream.accept(TokenKind.COMMA));
    return List.copyOf(tables);
  }

  private CommonTable commonTable() {
    int start = stream.index();
    Identifier name = stream.columnName();
    List<Identifier> columns = grammar.names.optionalNamesInParens();
    stream.expect(Keyword.AS);
    Boolean materialized = null;
    if (stream.accept(Keyword.NOT, Keyword.MATERIALIZED)) {
      materialized = false;
    } else if (stream.accept(Keyword.MATERIALIZED)) {
      materialized = true;
    }
    stream.expect(TokenKind.LEFT_PAREN);
    stream.descend(QUERY_LEVELS);
    Statement statement = grammar.statements.dataOrQuery();
    stream.ascend(QUERY_LEVELS);
    stream.expect(TokenKind.RIGHT_PAREN);
    return new CommonTable(name, columns, materialized, statement, stream.since(start));
  }

  // Set operations.

  private QueryBody unionOrExcept() {
    int start = stream.index();
    QueryBody left = intersect();
    while (stream.at(Keyword.UNION) || stream.at(Keyword.EXCEPT)) {
      SetOperator operator = stream.at(Keyword.UNION) ? SetOperator.UNION : SetOperator.EXCEPT;
      Keyword keyword = stream.at(Keyword.UNION) ? Keyword.UNION : Keyword.EXCEPT;
      left = setOperation(left, operator, keyword, start);
    }
    return left;
  }

  private QueryBody intersect() {
    int start = stream.index();
    QueryBody left = simpleBody();
    while (stream.at(Keyword.INTERSECT)) {
      left = setOperation(left, SetOperator.INTERSECT, Keyword.INTERSECT, start);
    }
    return left;
  }

  /** Reads operations of one kind as long as they follow each other. */
  private QueryBody setOperation(QueryBody left, SetOperator operator, Keyword keyword, int start) {
    boolean all = isAll();
    stream.reach(stream.deepest() + 1);
    List<QueryBody> inputs = new ArrayList<>();
    inputs.add(left);
    while (stream.at(keyword) && isAll() == all) {
      stream.advance();
      if (!stream.accept(Keyword.ALL)) {
        stream.accept(Keyword.DISTINCT);
      }
      inputs.add(operator == SetOperator.INTERSECT ? simpleBody() : intersect());
    }
    return new QueryBody.SetOperation(operator, all, List.copyOf(inputs), stream.since(start));
  }

  private boolean isAll() {
    return stream.at(1, Keyword.ALL);
  }

  private QueryBody simpleBody() {
    int start = stream.index();
    if (stream.at(TokenKind.LEFT_PAREN)) {
      Query query = queryInParens();
      return new QueryBody.Nested(query, stream.since(start));
    }
    if (stream.at(Keyword.VALUES)) {
      return values();
    }
    if (stream.accept(Keyword.TABLE)) {
      TableReference table = grammar.from.namedTable(false);
      SelectItem star = new SelectItem.Star(List.of(), table.span());
      return new QueryBody.Select(
          null, List.of(star), List.of(table), null, null, null, List.of(), stream.since(start));
    }
    return select();
  }

  /** VALUES with its rows. */
  QueryBody.Values values() {
    int start = stream.index();
    stream.expect(Keyword.VALUES);
    List<List<Expression>> rows = new ArrayList<>();
    do {
      stream.expect(TokenKind.LEFT_PAREN);
      rows.add(grammar.expressions.expressions());
      stream.expect(TokenKind.RIGHT_PAREN);
    } while (stream.accept(TokenKind.COMMA));
    return new QueryBody.Values(List.copyOf(rows), stream.since(start));
  }

  // SELECT.

  private QueryBody select() {
    int start = stream.index();
    stream.expect(Keyword.SELECT);
    QueryBody.Distinct distinct = null;
    if (!stream.accept(Keyword.ALL)) {
      distinct = optionalDistinct();
    }
    List<SelectItem> items = atEndOfItems() ? List.of() : selectItems();
    if (stream.accept(Keyword.INTO)) {
      if (!stream.accept(Keyword.TEMPORARY)) {
        stream.accept(Keyword.TEMP);
      }
      stream.accept(Keyword.TABLE);
      into = grammar.names.qualifiedName();
    }
    List<TableReference> from = stream.accept(Keyword.FROM) ? grammar.from.tables() : List.of();
    Expression where = stream.accept(Keyword.WHERE) ? grammar.expressions.expression() : null;
    QueryBody.GroupBy groupBy = optionalGroupBy();
    Expression having = stream.accept(Keyword.HAVING) ? grammar.expressions.expression() : null;
    List<QueryBody.NamedWindow> windows = optionalWindows();
    return new QueryBody.Select(
        distinct, items, from, where, groupBy, having, windows, stream.since(start));
  }

  private boolean atEndOfItems() {
    Keyword keyword = stream.keyword();
    if (keyword == null) {
      return stream.at(TokenKind.END)
          || stream.at(TokenKind.SEMICOLON)
          || stream.at(TokenKind.RIGHT_PAREN);
    }
    return switch (keyword) {
      case FROM,
          WHERE,
          GROUP,
          HAVING,
          WINDOW,
          UNION,
          INTERSECT,
          EXCEPT,
          ORDER,
          LIMIT,
          OFFSET,
          FETCH,
          FOR,
          INTO ->
          true;
      default -> false;
    };
  }

  private QueryBody.@Nullable Distinct optionalDistinct() {
    int start = stream.index();
    if (!stream.accept(Keyword.DISTINCT)) {
      return null;
    }
    List<Expression> on = List.of();
    if (stream.accept(Keyword.ON)) {
      stream.expect(TokenKind.LEFT_PAREN);
      on = grammar.expressions.expressions();
      stream.expect(TokenKind.RIGHT_PAREN);
    }
    return new QueryBody.Distinct(on, stream.since(start));
  }

  /** What SELECT or RETURNING puts out. */
  List<SelectItem> selectItems() {
    List<SelectItem> items = new ArrayList<>();
    do {
      items.add(selectItem());
    } while (stream.accept(TokenKind.COMMA));
    return List.copyOf(items);
  }

  private SelectItem selectItem() {
    int start = stream.index();
    int star = 0;
    while (stream.atColumnName(star) && stream.at(star + 1, TokenKind.DOT)) {
      star += 2;
    }
    if ("*".equals(stream.valueOrNull(star)) && stream.at(star, TokenKind.OPERATOR)) {
      List<Identifier> qualifier = new ArrayList<>(2);
      while (!stream.at(TokenKind.OPERATOR)) {
        qualifier.add(stream.label());
        stream.advance();
      }
      stream.advance();
      return new SelectItem.Star(List.copyOf(qualifier), stream.since(start));
    }
    Expression expression = grammar.expressions.expression();
    Identifier alias = null;
    if (stream.accept(Keyword.AS)) {
      alias = stream.label();
    } else if (atBareLabel()) {
      alias = stream.label();
    }
    return new SelectItem.Output(expression, alias, stream.since(start));
  }

  private boolean atBareLabel() {
    if (stream.at(TokenKind.IDENTIFIER)) {
      return true;
    }
    Keyword keyword = stream.keyword();
    return keyword != null && keyword.isBareLabel();
  }

  private QueryBody.@Nullable GroupBy optionalGroupBy() {
    int start = stream.index();
    if (!stream.accept(Keyword.GROUP, Keyword.BY)) {
      return null;
    }
    boolean distinct = stream.accept(Keyword.DISTINCT);
    if (!distinct) {
      stream.accept(Keyword.ALL);
    }
    List<GroupingElement> elements = groupingElements();
    return new QueryBody.GroupBy(distinct, elements, stream.since(start));
  }

  private List<GroupingElement> groupingElements() {
    List<GroupingElement> elements = new ArrayList<>();
    do {
      elements.add(groupingElement());
    } while (stream.accept(TokenKind.COMMA));
    return List.copyOf(elements);
  }

  private GroupingElement groupingElement() {
    int start = stream.index();
    if (stream.at(TokenKind.LEFT_PAREN) && stream.at(1, TokenKind.RIGHT_PAREN)) {
      stream.advance();
      stream.advance();
      return new GroupingElement.Empty(stream.since(start));
    }
    if (stream.at(Keyword.ROLLUP) && stream.at(1, TokenKind.LEFT_PAREN)) {
      stream.advance();
      List<List<Expression>> elements = groupingLists();
      return new GroupingElement.Rollup(elements, stream.since(start));
    }
    if (stream.at(Keyword.CUBE) && stream.at(1, TokenKind.LEFT_PAREN)) {
      stream.advance();
      List<List<Expression>> elements = groupingLists();
      return new GroupingElement.Cube(elements, stream.since(start));
    }
    if (stream.accept(Keyword.GROUPING, Keyword.SETS)) {
      stream.descend(1);
      stream.expect(TokenKind.LEFT_PAREN);
      List<GroupingElement> elements = groupingElements();
      stream.expect(TokenKind.RIGHT_PAREN);
      stream.ascend(1);
      return new GroupingElement.Sets(elements, stream.since(start));
    }
    return new GroupingElement.Single(grammar.expressions.expression(), stream.since(start));
  }

  private List<List<Expression>> groupingLists() {
    stream.expect(TokenKind.LEFT_PAREN);
    List<List<Expression>> lists = new ArrayList<>();
    do {
      Expression expression = grammar.expressions.expression();
      lists.add(
          expression instanceof Expression.RowConstructor row && !row.explicit()
              ? row.values()
              : List.of(expression));
    } while (stream.accept(TokenKind.COMMA));
    stream.expect(TokenKind.RIGHT_PAREN);
    return List.copyOf(lists);
  }

  private List<QueryBody.NamedWindow> optionalWindows() {
    if (!stream.accept(Keyword.WINDOW)) {
      return List.of();
    }
    List<QueryBody.NamedWindow> windows = new ArrayList<>();
    do {
      int start = stream.index();
      Identifier name = stream.columnName();
      stream.expect(Keyword.AS);
      WindowSpecification specification = grammar.windows.specification();
      windows.add(new QueryBody.NamedWindow(name, specification, stream.since(start)));
    } while (stream.accept(TokenKind.COMMA));
    return List.copyOf(windows);
  }

  /** OVER name or OVER (..). */
  WindowSpecification overClause() {
    return grammar.windows.overClause();
  }

  // ORDER BY.

  /** ORDER BY with its expressions, or none. */
  List<SortItem> optionalOrderBy() {
    if (!stream.accept(Keyword.ORDER)) {
      return List.of();
    }
    stream.expect(Keyword.BY);
    List<SortItem> items = new ArrayList<>();
    do {
      items.add(sortItem());
    } while (stream.accept(TokenKind.COMMA));
    return List.copyOf(items);
  }

  private SortItem sortItem() {
    int start = stream.index();
    Expression expression = grammar.expressions.expression();
    return sortItem(expression, start);
  }

  /** The direction that may follow an expression. */
  SortItem sortItem(Expression expression, int start) {
    boolean descending = false;
    if (stream.accept(Keyword.DESC)) {
      descending = true;
    } else if (stream.accept(Keyword.USING)) {
      String operator = stream.operator();
      if (!"<".equals(operator) && !">".equals(operator)) {
        throw stream.unexpected();
      }
      descending = ">".equals(operator);
      stream.advance();
    } else {
      stream.accept(Keyword.ASC);
    }
    SortItem.Nulls nulls = SortItem.Nulls.DEFAULT;
    if (stream.accept(Keyword.NULLS, Keyword.FIRST)) {
      nulls = SortItem.Nulls.FIRST;
    } else if (stream.accept(Keyword.NULLS, Keyword.LAST)) {
      nulls = SortItem.Nulls.LAST;
    }
    return new SortItem(expression, descending, nulls, stream.since(start));
  }
}
