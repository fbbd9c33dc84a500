// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import dev.varve.ErrorCode;
import dev.varve.query.ast.DataStatement;
import dev.varve.query.ast.DataStatement.Assignment;
import dev.varve.query.ast.DataStatement.OnConflict;
import dev.varve.query.ast.DataStatement.Overriding;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.Query.CommonTable;
import dev.varve.query.ast.QueryBody.SelectItem;
import dev.varve.query.ast.SortItem;
import dev.varve.query.ast.TableReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads INSERT, UPDATE, DELETE and TRUNCATE. */
final class DataParser {
  private final Grammar grammar;
  private final TokenStream stream;

  DataParser(Grammar grammar) {
    this.grammar = grammar;
    this.stream = grammar.stream;
  }

  /** INSERT, whose WITH began at {@code start}. */
  DataStatement insert(List<CommonTable> with, boolean recursive, int start) {
    stream.expect(Keyword.INSERT);
    stream.expect(Keyword.INTO);
    QualifiedName table = grammar.names.qualifiedName();
    Identifier alias = stream.accept(Keyword.AS) ? stream.columnName() : null;
    List<Identifier> columns = List.of();
    if (stream.at(TokenKind.LEFT_PAREN) && !grammar.queries.atQueryInParens(0)) {
      columns = targetColumns();
    }
    Overriding overriding = overriding();
    Query source = null;
    if (!stream.accept(Keyword.DEFAULT, Keyword.VALUES)) {
      if (!grammar.queries.atQuery()) {
        throw stream.unexpected();
      }
      source = grammar.queries.query();
    }
    OnConflict onConflict = optionalOnConflict();
    List<SelectItem> returning = optionalReturning();
    return new DataStatement.Insert(
        with,
        recursive,
        table,
        alias,
        columns,
        overriding,
        source,
        onConflict,
        returning,
        stream.since(start));
  }

  private Overriding overriding() {
    if (!stream.accept(Keyword.OVERRIDING)) {
      return Overriding.NONE;
    }
    Overriding overriding;
    if (stream.accept(Keyword.SYSTEM)) {
      overriding = Overriding.SYSTEM_VALUE;
    } else {
      stream.expect(Keyword.USER);
      overriding = Overriding.USER_VALUE;
    }
    stream.expect(Keyword.VALUE);
    return overriding;
  }

  private List<Identifier> targetColumns() {
    stream.expect(TokenKind.LEFT_PAREN);
    List<Identifier> columns = new ArrayList<>();
    do {
      columns.add(targetColumn());
    } while (stream.accept(TokenKind.COMMA));
    stream.expect(TokenKind.RIGHT_PAREN);
    return List.copyOf(columns);
  }

  private Identifier targetColumn() {
    Identifier column = stream.columnName();
    if (stream.at(TokenKind.LEFT_BRACKET) || stream.at(TokenKind.DOT)) {
      throw stream
          .error(ErrorCode.NOT_SUPPORTED, "assigning to a part of a column is not supported")
          .build();
    }
    return column;
  }

  private @Nullable OnConflict optionalOnConflict() {
    int start = stream.index();
    if (!stream.accept(Keyword.ON)) {
      return null;
    }
    stream.expect(Keyword.CONFLICT);
    List<SortItem> target = List.of();
    Expression targetWhere = null;
    Identifier constraint = null;
    if (stream.accept(Keyword.ON)) {
      stream.expect(Keyword.CONSTRAINT);
      constraint = stream.columnName();
    } else if (stream.accept(TokenKind.LEFT_PAREN)) {
      target = conflictTarget();
      stream.expect(TokenKind.RIGHT_PAREN);
      targetWhere = optionalWhere();
    }
    stream.expect(Keyword.DO);
    if (stream.accept(Keyword.NOTHING)) {
      return new OnConflict(
          target, targetWhere, constraint, true, List.of(), null, stream.since(start));
    }
    stream.expect(Keyword.UPDATE);
    if (target.isEmpty() && constraint == null) {
      throw stream
          .source()
          .error(
              ErrorCode.SYNTAX_ERROR,
              stream.since(start),
              "ON CONFLICT DO UPDATE requires inference specification or constraint name")
          .hint("For example, ON CONFLICT (column_name).")
          .build();
    }
    stream.expect(Keyword.SET);
    List<Assignment> assignments = assignments();
    Expression where = optionalWhere();
    return new OnConflict(
        target, targetWhere, constraint, false, assignments, where, stream.since(start));
  }

  private List<SortItem> conflictTarget() {
    List<SortItem> target = new ArrayList<>();
    do {
      int start = stream.index();
      target.add(grammar.queries.sortItem(grammar.expressions.expression(), start));
    } while (stream.accept(TokenKind.COMMA));
    return List.copyOf(target);
  }

  private @Nullable Expression optionalWhere() {
    return stream.accept(Keyword.WHERE) ? grammar.expressions.expression() : null;
  }

  private List<SelectItem> optionalReturning() {
    return stream.accept(Keyword.RETURNING) ? grammar.queries.selectItems() : List.of();
  }

  private List<Assignment> assignments() {
    List<Assignment> assignments = new ArrayList<>();
    do {
      assignments.add(assignment());
    } while (stream.accept(TokenKind.COMMA));
    return List.copyOf(assignments);
  }

  private Assignment assignment() {
    int start = stream.index();
    boolean isRow = stream.at(TokenKind.LEFT_PAREN);
    List<Identifier> columns = isRow ? targetColumns() : List.of(targetColumn());
    if (!stream.acceptOperator("=")) {
      throw stream.unexpected();
    }
    Expression value = grammar.expressions.expression();
    return new Assignment(columns, isRow, value, stream.since(start));
  }

  /** UPDATE, whose WITH began at {@code start}. */
  DataStatement update(List<CommonTable> with, boolean recursive, int start) {
    stream.expect(Keyword.UPDATE);
    QualifiedName table = target();
    Identifier alias = null;
    if (stream.accept(Keyword.AS) || stream.atColumnName(0) && !stream.at(Keyword.SET)) {
      alias = stream.columnName();
    }
    stream.expect(Keyword.SET);
    List<Assignment> assignments = assignments();
    List<TableReference> from = stream.accept(Keyword.FROM) ? grammar.from.tables() : List.of();
    Expression where = optionalWhere();
    List<SelectItem> returning = optionalReturning();
    return new DataStatement.Update(
        with, recursive, table, alias, assignments, from, where, returning, stream.since(start));
  }

  private QualifiedName target() {
    stream.accept(Keyword.ONLY);
    QualifiedName table = grammar.names.qualifiedName();
    stream.acceptOperator("*");
    return table;
  }

  /** DELETE, whose WITH began at {@code start}. */
  DataStatement delete(List<CommonTable> with, boolean recursive, int start) {
    stream.expect(Keyword.DELETE);
    stream.expect(Keyword.FROM);
    QualifiedName table = target();
    Identifier alias = null;
    if (stream.accept(Keyword.AS) || stream.atColumnName(0)) {
      alias = stream.columnName();
    }
    List<TableReference> using = stream.accept(Keyword.USING) ? grammar.from.tables() : List.of();
    Expression where = optionalWhere();
    List<SelectItem> returning = optionalReturning();
    return new DataStatement.Delete(
        with, recursive, table, alias, using, where, returning, stream.since(start));
  }

  /** TRUNCATE. */
  DataStatement truncate() {
    int start = stream.index();
    stream.expect(Keyword.TRUNCATE);
    stream.accept(Keyword.TABLE);
    List<QualifiedName> tables = new ArrayList<>();
    do {
      tables.add(target());
    } while (stream.accept(TokenKind.COMMA));
    boolean restart = false;
    if (stream.accept(Keyword.RESTART)) {
      stream.expect(Keyword.IDENTITY);
      restart = true;
    } else if (stream.acceptWord("continue")) {
      stream.expect(Keyword.IDENTITY);
    }
    boolean cascade = stream.accept(Keyword.CASCADE);
    if (!cascade) {
      stream.accept(Keyword.RESTRICT);
    }
    return new DataStatement.Truncate(List.copyOf(tables), restart, cascade, stream.since(start));
  }
}
