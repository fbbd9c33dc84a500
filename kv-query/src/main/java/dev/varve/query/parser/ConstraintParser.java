// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import dev.varve.ErrorCode;
import dev.varve.query.ast.ColumnDefinition;
import dev.varve.query.ast.ColumnDefinition.Identity;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.SequenceOptions;
import dev.varve.query.ast.Span;
import dev.varve.query.ast.TableConstraint;
import dev.varve.query.ast.TableConstraint.ReferentialAction;
import dev.varve.query.ast.TypeName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads column definitions and constraints. */
final class ConstraintParser {
  private final Grammar grammar;
  private final TokenStream stream;

  ConstraintParser(Grammar grammar) {
    this.grammar = grammar;
    this.stream = grammar.stream;
  }

  /** A column with its constraints. */
  ColumnDefinition column() {
    int start = stream.index();
    Identifier name = stream.columnName();
    boolean serial = false;
    TypeName type;
    String serialType = serialType();
    if (serialType == null) {
      type = grammar.types.type();
    } else {
      Span span = stream.span();
      stream.advance();
      QualifiedName typeName = new QualifiedName(List.of(new Identifier(serialType, span)), span);
      type = new TypeName(typeName, List.of(), 0, null, span);
      serial = true;
    }
    ColumnClauses clauses = new ColumnClauses(name);
    while (clauses.read()) {}
    return new ColumnDefinition(
        name,
        type,
        serial,
        clauses.notNull,
        clauses.nullable,
        clauses.defaultValue,
        clauses.identity,
        clauses.generated,
        List.copyOf(clauses.constraints),
        stream.since(start));
  }

  private @Nullable String serialType() {
    if (!stream.at(TokenKind.IDENTIFIER)) {
      return null;
    }
    return switch ((String) stream.value()) {
      case "serial", "serial4" -> "int4";
      case "bigserial", "serial8" -> "int8";
      case "smallserial", "serial2" -> "int2";
      default -> null;
    };
  }

  /** What follows the type of a column. */
  private final class ColumnClauses {
    final Identifier column;
    final List<TableConstraint> constraints = new ArrayList<>();
    boolean notNull;
    boolean nullable;
    @Nullable Expression defaultValue;
    @Nullable Identity identity;
    @Nullable Expression generated;

    ColumnClauses(Identifier column) {
      this.column = column;
    }

    /** Reads one clause; false when there is none. */
    boolean read() {
      int start = stream.index();
      Identifier name = stream.accept(Keyword.CONSTRAINT) ? stream.columnName() : null;
      if (stream.accept(Keyword.NOT, Keyword.NULL)) {
        if (nullable) {
          throw conflict(start);
        }
        notNull = true;
        if (name != null) {
          constraints.add(new TableConstraint.NotNull(name, column, stream.since(start)));
        }
      } else if (stream.accept(Keyword.NULL)) {
        if (notNull) {
          throw conflict(start);
        }
        nullable = true;
      } else if (stream.accept(Keyword.DEFAULT)) {
        if (defaultValue != null) {
          throw stream
              .source()
              .error(
                  ErrorCode.SYNTAX_ERROR,
                  stream.since(start),
                  "multiple default values specified for column \"" + column + "\"")
              .build();
        }
        defaultValue = grammar.expressions.operand();
      } else if (stream.accept(Keyword.COLLATE)) {
        grammar.names.qualifiedName();
      } else if (stream.accept(Keyword.GENERATED)) {
        generated();
      } else if (stream.at(Keyword.REFERENCES)) {
        constraints.add(foreignKey(name, List.of(column), start));
      } else {
        return constraint(name, start);
      }
      return true;
    }

    private boolean constraint(@Nullable Identifier name, int start) {
      if (stream.accept(Keyword.PRIMARY)) {
        stream.expect(Keyword.KEY);
        constraints.add(
            new TableConstraint.PrimaryKey(name, List.of(column), null, stream.since(start)));
      } else if (stream.accept(Keyword.UNIQUE)) {
        boolean notDistinct = nullsNotDistinct();
        constraints.add(
            new TableConstraint.Unique(
                name, List.of(column), notDistinct, null, stream.since(start)));
      } else if (stream.at(Keyword.CHECK)) {
        constraints.add(check(name, start));
      } else if (name != null) {
        throw stream.unexpected();
      } else {
        return false;
      }
      return true;
    }

    private void generated() {
      int start = stream.index();
      boolean always = stream.accept(Keyword.ALWAYS);
      if (!always) {
        stream.expect(Keyword.BY);
        stream.expect(Keyword.DEFAULT);
      }
      stream.expect(Keyword.AS);
      if (stream.accept(Keyword.IDENTITY)) {
        SequenceOptions options = SequenceOptions.NONE;
        if (stream.accept(TokenKind.LEFT_PAREN)) {
          options = grammar.definitions.sequenceOptions();
          stream.expect(TokenKind.RIGHT_PAREN);
        }
        identity = new Identity(always, options, stream.since(start));
        notNull = true;
        return;
      }
      stream.expect(TokenKind.LEFT_PAREN);
      generated = grammar.expressions.expression();
      stream.expect(TokenKind.RIGHT_PAREN);
      stream.expect(Keyword.STORED);
    }

    private dev.varve.VarveException conflict(int start) {
      return stream
          .source()
          .error(
              ErrorCode.SYNTAX_ERROR,
              stream.since(start),
              "conflicting NULL/NOT NULL declarations for column \"" + column + "\"")
          .build();
    }
  }

  /** Whether a constraint of a table begins here. */
  boolean atTableConstraint() {
    Keyword keyword = stream.keyword();
    if (keyword == null) {
      return false;
    }
    return switch (keyword) {
      case CONSTRAINT, CHECK, UNIQUE, PRIMARY, FOREIGN -> true;
      case EXCLUDE -> stream.at(1, Keyword.USING) || stream.at(1, TokenKind.LEFT_PAREN);
      default -> false;
    };
  }

  /** A constraint of a table. */
  TableConstraint tableConstraint() {
    int start = stream.index();
    Identifier name = stream.accept(Keyword.CONSTRAINT) ? stream.columnName() : null;
    if (stream.accept(Keyword.PRIMARY)) {
      stream.expect(Keyword.KEY);
      if (stream.accept(Keyword.USING)) {
        stream.expect(Keyword.INDEX);
        Identifier index = stream.columnName();
        return new TableConstraint.PrimaryKey(name, List.of(), index, stream.since(start));
      }
      List<Identifier> columns = grammar.names.namesInParens();
      ignoreIncluded();
      attributes();
      return new TableConstraint.PrimaryKey(name, columns, null, stream.since(start));
    }
    if (stream.accept(Keyword.UNIQUE)) {
      boolean notDistinct = nullsNotDistinct();
      if (stream.accept(Keyword.USING)) {
        stream.expect(Keyword.INDEX);
        Identifier index = stream.columnName();
        return new TableConstraint.Unique(name, List.of(), false, index, stream.since(start));
      }
      List<Identifier> columns = grammar.names.namesInParens();
      ignoreIncluded();
      attributes();
      return new TableConstraint.Unique(name, columns, notDistinct, null, stream.since(start));
    }
    if (stream.at(Keyword.CHECK)) {
      return check(name, start);
    }
    if (stream.accept(Keyword.NOT, Keyword.NULL)) {
      Identifier column = stream.columnName();
      return new TableConstraint.NotNull(name, column, stream.since(start));
    }
    if (stream.at(Keyword.EXCLUDE)) {
      throw stream
          .error(ErrorCode.NOT_SUPPORTED, "exclusion constraints are not supported")
          .build();
    }
    stream.expect(Keyword.FOREIGN);
    stream.expect(Keyword.KEY);
    List<Identifier> columns = grammar.names.namesInParens();
    return foreignKey(name, columns, start);
  }

  private void ignoreIncluded() {
    if (stream.accept(Keyword.INCLUDE)) {
      grammar.names.namesInParens();
    }
  }

  private boolean nullsNotDistinct() {
    if (!stream.at(Keyword.NULLS)) {
      return false;
    }
    stream.advance();
    boolean not = stream.accept(Keyword.NOT);
    stream.expect(Keyword.DISTINCT);
    return not;
  }

  private TableConstraint check(@Nullable Identifier name, int start) {
    stream.expect(Keyword.CHECK);
    stream.expect(TokenKind.LEFT_PAREN);
    Expression condition = grammar.expressions.expression();
    stream.expect(TokenKind.RIGHT_PAREN);
    if (stream.accept(Keyword.NO) && !stream.acceptWord("inherit")) {
      throw stream.unexpected();
    }
    Attributes attributes = attributes();
    return new TableConstraint.Check(name, condition, attributes.notValid, stream.since(start));
  }

  private TableConstraint foreignKey(
      @Nullable Identifier name, List<Identifier> columns, int start) {
    stream.expect(Keyword.REFERENCES);
    QualifiedName table = grammar.names.qualifiedName();
    List<Identifier> referenced = grammar.names.optionalNamesInParens();
    boolean full = false;
    if (stream.accept(Keyword.MATCH)) {
      full = stream.accept(Keyword.FULL);
      if (!full && !stream.accept(Keyword.SIMPLE)) {
        if (stream.at(Keyword.PARTIAL)) {
          throw stream.error(ErrorCode.NOT_SUPPORTED, "MATCH PARTIAL not yet implemented").build();
        }
        throw stream.unexpected();
      }
    }
    ReferentialAction onDelete = ReferentialAction.NO_ACTION;
    ReferentialAction onUpdate = ReferentialAction.NO_ACTION;
    List<Identifier> deleteColumns = List.of();
    while (stream.at(Keyword.ON)) {
      stream.advance();
      if (stream.accept(Keyword.DELETE)) {
        onDelete = action();
        if (onDelete == ReferentialAction.SET_NULL || onDelete == ReferentialAction.SET_DEFAULT) {
          deleteColumns = grammar.names.optionalNamesInParens();
        }
      } else {
        stream.expect(Keyword.UPDATE);
        onUpdate = action();
      }
    }
    Attributes attributes = attributes();
    return new TableConstraint.ForeignKey(
        name,
        columns,
        table,
        referenced,
        full,
        onDelete,
        deleteColumns,
        onUpdate,
        attributes.deferrable,
        attributes.deferred,
        attributes.notValid,
        stream.since(start));
  }

  private ReferentialAction action() {
    if (stream.accept(Keyword.NO)) {
      stream.expect(Keyword.ACTION);
      return ReferentialAction.NO_ACTION;
    }
    if (stream.accept(Keyword.RESTRICT)) {
      return ReferentialAction.RESTRICT;
    }
    if (stream.accept(Keyword.CASCADE)) {
      return ReferentialAction.CASCADE;
    }
    stream.expect(Keyword.SET);
    if (stream.accept(Keyword.NULL)) {
      return ReferentialAction.SET_NULL;
    }
    stream.expect(Keyword.DEFAULT);
    return ReferentialAction.SET_DEFAULT;
  }

  private record Attributes(boolean deferrable, boolean deferred, boolean notValid) {}

  private Attributes attributes() {
    boolean deferrable = false;
    boolean deferred = false;
    boolean notValid = false;
    while (true) {
      if (stream.accept(Keyword.DEFERRABLE)) {
        deferrable = true;
      } else if (stream.accept(Keyword.NOT, Keyword.DEFERRABLE)) {
        deferrable = false;
      } else if (stream.accept(Keyword.NOT, Keyword.VALID)) {
        notValid = true;
      } else if (stream.accept(Keyword.INITIALLY)) {
        deferred = stream.accept(Keyword.DEFERRED);
        if (deferred) {
          deferrable = true;
        } else {
          stream.expect(Keyword.IMMEDIATE);
        }
      } else {
        return new Attributes(deferrable, deferred, notValid);
      }
    }
  }
}
