// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import dev.varve.ErrorCode;
import dev.varve.query.ast.ColumnDefinition;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Expression.FunctionCall;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.TableReference;
import dev.varve.query.ast.TableReference.Alias;
import dev.varve.query.ast.TableReference.JoinCondition;
import dev.varve.query.ast.TableReference.JoinKind;
import dev.varve.query.ast.TypeName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what stands in FROM and USING: tables, derived tables, functions, joins. */
final class FromParser {
  private static final int JOIN_LEVELS = 2;

  private final Grammar grammar;
  private final TokenStream stream;

  FromParser(Grammar grammar) {
    this.grammar = grammar;
    this.stream = grammar.stream;
  }

  /** Tables separated by commas. */
  List<TableReference> tables() {
    List<TableReference> tables = new ArrayList<>(2);
    do {
      tables.add(table());
    } while (stream.accept(TokenKind.COMMA));
    return List.copyOf(tables);
  }

  private TableReference table() {
    stream.descend(1);
    int outer = stream.deepest();
    stream.restartDeepest();
    int start = stream.index();
    TableReference table = simpleTable();
    while (atJoin()) {
      stream.reach(stream.deepest() + JOIN_LEVELS);
      table = join(table, start);
    }
    stream.reach(outer);
    stream.ascend(1);
    return table;
  }

  private boolean atJoin() {
    Keyword keyword = stream.keyword();
    if (keyword == null) {
      return false;
    }
    return switch (keyword) {
      case JOIN, CROSS, NATURAL, INNER, LEFT, RIGHT, FULL -> true;
      default -> false;
    };
  }

  private TableReference join(TableReference left, int start) {
    if (stream.accept(Keyword.CROSS)) {
      stream.expect(Keyword.JOIN);
      TableReference right = simpleTable();
      return new TableReference.Join(
          JoinKind.CROSS, left, right, new JoinCondition.None(), null, stream.since(start));
    }
    boolean natural = stream.accept(Keyword.NATURAL);
    JoinKind kind = joinKind();
    if (natural) {
      TableReference right = simpleTable();
      return new TableReference.Join(
          kind, left, right, new JoinCondition.Natural(), null, stream.since(start));
    }
    int rightStart = stream.index();
    TableReference right = simpleTable();
    while (atJoin()) {
      // a JOIN b JOIN c ON .. ON ..: the inner join comes first.
      stream.descend(1);
      right = join(right, rightStart);
      stream.ascend(1);
    }
    JoinCondition condition;
    if (stream.accept(Keyword.USING)) {
      List<Identifier> columns = grammar.names.namesInParens();
      Identifier alias = stream.accept(Keyword.AS) ? stream.columnName() : null;
      condition = new JoinCondition.Using(columns, alias);
    } else {
      stream.expect(Keyword.ON);
      condition = new JoinCondition.On(grammar.expressions.expression());
    }
    return new TableReference.Join(kind, left, right, condition, null, stream.since(start));
  }

  private JoinKind joinKind() {
    JoinKind kind = JoinKind.INNER;
    if (stream.at(Keyword.LEFT) || stream.at(Keyword.RIGHT) || stream.at(Keyword.FULL)) {
      kind = JoinKind.valueOf(((Keyword) stream.value()).name());
      stream.advance();
      stream.accept(Keyword.OUTER);
    } else {
      stream.accept(Keyword.INNER);
    }
    stream.expect(Keyword.JOIN);
    return kind;
  }

  private TableReference simpleTable() {
    int start = stream.index();
    boolean lateral = stream.accept(Keyword.LATERAL);
    if (stream.at(TokenKind.LEFT_PAREN)) {
      return inParens(lateral, start);
    }
    if (stream.at(Keyword.ROWS) && stream.at(1, Keyword.FROM)) {
      return rowsFrom(lateral, start);
    }
    if (atFunction()) {
      FunctionCall call = grammar.functions.functionCall();
      return function(List.of(call), lateral, start);
    }
    if (lateral) {
      throw stream.unexpected();
    }
    TableReference table = namedTable(true);
    if (stream.at(Keyword.TABLESAMPLE)) {
      throw stream.error(ErrorCode.NOT_SUPPORTED, "TABLESAMPLE is not supported").build();
    }
    return table;
  }

  private boolean atFunction() {
    int length = 1;
    while (stream.at(length, TokenKind.DOT)) {
      length += 2;
    }
    return stream.at(length, TokenKind.LEFT_PAREN)
        && stream.atFunctionName(0)
        && !stream.at(Keyword.LATERAL);
  }

  private TableReference inParens(boolean lateral, int start) {
    if (grammar.queries.atQueryInParens(0)) {
      Query query = grammar.queries.queryInParens();
      Alias alias = optionalAlias();
      return new TableReference.Derived(query, lateral, alias, stream.since(start));
    }
    if (lateral) {
      throw stream.unexpected();
    }
    stream.expect(TokenKind.LEFT_PAREN);
    TableReference inner = table();
    stream.expect(TokenKind.RIGHT_PAREN);
    if (!(inner instanceof TableReference.Join join)) {
      throw stream.unexpected();
    }
    Alias alias = optionalAlias();
    return alias == null
        ? join
        : new TableReference.Join(
            join.kind(), join.left(), join.right(), join.condition(), alias, stream.since(start));
  }

  private TableReference rowsFrom(boolean lateral, int start) {
    stream.advance();
    stream.advance();
    stream.expect(TokenKind.LEFT_PAREN);
    List<FunctionCall> calls = new ArrayList<>();
    do {
      calls.add(grammar.functions.functionCall());
    } while (stream.accept(TokenKind.COMMA));
    stream.expect(TokenKind.RIGHT_PAREN);
    return function(List.copyOf(calls), lateral, start);
  }

  private TableReference function(List<FunctionCall> calls, boolean lateral, int start) {
    boolean ordinality = stream.accept(Keyword.WITH, Keyword.ORDINALITY);
    int aliasStart = stream.index();
    boolean as = stream.accept(Keyword.AS);
    Alias alias = null;
    List<ColumnDefinition> columns = List.of();
    if (as && stream.at(TokenKind.LEFT_PAREN)) {
      columns = columnDefinitions();
    } else if (as || atAlias()) {
      Identifier name = stream.columnName();
      List<Identifier> names = List.of();
      if (stream.at(TokenKind.LEFT_PAREN)) {
        if (stream.at(2, TokenKind.COMMA) || stream.at(2, TokenKind.RIGHT_PAREN)) {
          names = grammar.names.namesInParens();
        } else {
          columns = columnDefinitions();
        }
      }
      alias = new Alias(name, names, stream.since(aliasStart));
    }
    return new TableReference.Function(
        calls, lateral, ordinality, alias, columns, stream.since(start));
  }

  private List<ColumnDefinition> columnDefinitions() {
    stream.expect(TokenKind.LEFT_PAREN);
    List<ColumnDefinition> columns = new ArrayList<>();
    do {
      int start = stream.index();
      Identifier name = stream.columnName();
      TypeName type = grammar.types.type();
      columns.add(
          new ColumnDefinition(
              name, type, false, false, false, null, null, null, List.of(), stream.since(start)));
    } while (stream.accept(TokenKind.COMMA));
    stream.expect(TokenKind.RIGHT_PAREN);
    return List.copyOf(columns);
  }

  /** A table by name, with AS OF and alias if {@code aliased}. */
  TableReference.Named namedTable(boolean aliased) {
    int start = stream.index();
    boolean only = stream.accept(Keyword.ONLY);
    boolean parens = only && stream.accept(TokenKind.LEFT_PAREN);
    QualifiedName name = grammar.names.qualifiedName();
    if (parens) {
      stream.expect(TokenKind.RIGHT_PAREN);
    } else {
      stream.acceptOperator("*");
    }
    Expression asOf = aliased ? optionalAsOf() : null;
    Alias alias = aliased ? optionalAlias() : null;
    return new TableReference.Named(name, alias, asOf, stream.since(start));
  }

  /** AS OF [SYSTEM TIME | TIMESTAMP] time; {@code AS of} alone is an alias. */
  private @Nullable Expression optionalAsOf() {
    if (!stream.at(Keyword.AS) || !stream.at(1, Keyword.OF)) {
      return null;
    }
    boolean system = stream.at(2, Keyword.SYSTEM) && stream.at(3, Keyword.TIME);
    if (!system
        && !stream.at(2, TokenKind.STRING)
        && !stream.at(2, TokenKind.PARAMETER)
        && !(stream.at(2, TokenKind.LEFT_PAREN)
            && !stream.at(4, TokenKind.COMMA)
            && !stream.at(4, TokenKind.RIGHT_PAREN))
        && !stream.at(3, TokenKind.STRING)
        && !stream.at(3, TokenKind.LEFT_PAREN)
        && !stream.at(2, Keyword.CURRENT_TIMESTAMP)) {
      return null;
    }
    stream.advance();
    stream.advance();
    if (system) {
      stream.advance();
      stream.advance();
    }
    return grammar.expressions.operand();
  }

  /** An alias with or without AS, or null. */
  @Nullable Alias optionalAlias() {
    int start = stream.index();
    if (!stream.accept(Keyword.AS) && !atAlias()) {
      return null;
    }
    Identifier name = stream.columnName();
    List<Identifier> columns = grammar.names.optionalNamesInParens();
    return new Alias(name, columns, stream.since(start));
  }

  private boolean atAlias() {
    return stream.atColumnName(0);
  }
}
