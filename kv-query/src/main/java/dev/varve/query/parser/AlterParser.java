// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import dev.varve.ErrorCode;
import dev.varve.query.ast.ColumnDefinition;
import dev.varve.query.ast.DefinitionStatement;
import dev.varve.query.ast.DefinitionStatement.AlterAction;
import dev.varve.query.ast.DefinitionStatement.ObjectKind;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.SequenceOptions;
import dev.varve.query.ast.Statement;
import dev.varve.query.ast.TableConstraint;
import dev.varve.query.ast.TypeName;
import java.util.ArrayList;
import java.util.List;

/** Reads ALTER. */
final class AlterParser {
  private final Grammar grammar;
  private final TokenStream stream;

  AlterParser(Grammar grammar) {
    this.grammar = grammar;
    this.stream = grammar.stream;
  }

  /** ALTER of anything. */
  Statement alter() {
    int start = stream.index();
    stream.expect(Keyword.ALTER);
    ObjectKind kind = grammar.definitions.objectKind();
    if (kind == null || kind == ObjectKind.COLUMN) {
      throw stream
          .error(
              ErrorCode.NOT_SUPPORTED,
              "only tables, views, indexes, sequences and schemas can be altered")
          .build();
    }
    boolean ifExists = grammar.definitions.ifExists();
    if (kind == ObjectKind.TABLE) {
      stream.accept(Keyword.ONLY);
    }
    QualifiedName name = grammar.names.qualifiedName();
    if (kind == ObjectKind.TABLE) {
      stream.acceptOperator("*");
    }
    if (stream.at(Keyword.RENAME)) {
      return rename(kind, name, ifExists, start);
    }
    if (stream.at(Keyword.SET) && stream.at(1, Keyword.SCHEMA)) {
      stream.advance();
      stream.advance();
      Identifier schema = stream.columnName();
      return new DefinitionStatement.SetSchema(kind, name, ifExists, schema, stream.since(start));
    }
    if (stream.at(Keyword.OWNER)) {
      throw stream.error(ErrorCode.NOT_SUPPORTED, "objects have no owner").build();
    }
    if (kind == ObjectKind.SEQUENCE) {
      SequenceOptions options = grammar.definitions.sequenceOptions();
      return new DefinitionStatement.AlterSequence(name, ifExists, options, stream.since(start));
    }
    if (kind != ObjectKind.TABLE && kind != ObjectKind.VIEW) {
      throw stream.unexpected();
    }
    List<AlterAction> actions = new ArrayList<>();
    do {
      actions.add(action());
    } while (stream.accept(TokenKind.COMMA));
    return new DefinitionStatement.AlterTable(
        name, ifExists, List.copyOf(actions), stream.since(start));
  }

  private Statement rename(ObjectKind kind, QualifiedName name, boolean ifExists, int start) {
    stream.expect(Keyword.RENAME);
    if (stream.accept(Keyword.TO)) {
      Identifier newName = stream.columnName();
      return new DefinitionStatement.Rename(kind, name, ifExists, newName, stream.since(start));
    }
    if (stream.accept(Keyword.CONSTRAINT)) {
      Identifier constraint = stream.columnName();
      stream.expect(Keyword.TO);
      Identifier newName = stream.columnName();
      return new DefinitionStatement.RenameConstraint(
          name, ifExists, constraint, newName, stream.since(start));
    }
    stream.accept(Keyword.COLUMN);
    Identifier column = stream.columnName();
    stream.expect(Keyword.TO);
    Identifier newName = stream.columnName();
    return new DefinitionStatement.RenameColumn(
        kind, name, ifExists, column, newName, stream.since(start));
  }

  private AlterAction action() {
    int start = stream.index();
    if (stream.accept(Keyword.ADD)) {
      return add(start);
    }
    if (stream.accept(Keyword.DROP)) {
      return drop(start);
    }
    if ((stream.at(Keyword.SET) || stream.at(Keyword.RESET))
        && stream.at(1, TokenKind.LEFT_PAREN)) {
      stream.advance();
      grammar.definitions.skipParens();
      return new AlterAction.NoEffect(stream.since(start));
    }
    if (stream.accept(Keyword.DISABLE) || stream.accept(Keyword.ENABLE)) {
      if (!stream.acceptWord("trigger")) {
        throw stream.unexpected();
      }
      if (!stream.accept(Keyword.ALL) && !stream.accept(Keyword.USER)) {
        throw stream.error(ErrorCode.NOT_SUPPORTED, "triggers are not supported").build();
      }
      return new AlterAction.NoEffect(stream.since(start));
    }
    if (stream.accept(Keyword.VALIDATE)) {
      stream.expect(Keyword.CONSTRAINT);
      Identifier name = stream.columnName();
      return new AlterAction.ValidateConstraint(name, stream.since(start));
    }
    if (stream.accept(Keyword.ALTER)) {
      if (stream.at(Keyword.CONSTRAINT)) {
        throw stream.error(ErrorCode.NOT_SUPPORTED, "ALTER CONSTRAINT is not supported").build();
      }
      stream.accept(Keyword.COLUMN);
      return column(stream.columnName(), start);
    }
    throw stream.unexpected();
  }

  private AlterAction add(int start) {
    if (grammar.constraints.atTableConstraint()) {
      TableConstraint constraint = grammar.constraints.tableConstraint();
      return new AlterAction.AddConstraint(constraint, stream.since(start));
    }
    stream.accept(Keyword.COLUMN);
    boolean ifNotExists = stream.at(Keyword.IF) && stream.at(1, Keyword.NOT);
    if (ifNotExists) {
      stream.advance();
      stream.advance();
      stream.expect(Keyword.EXISTS);
    }
    ColumnDefinition column = grammar.constraints.column();
    return new AlterAction.AddColumn(column, ifNotExists, stream.since(start));
  }

  private AlterAction drop(int start) {
    if (stream.accept(Keyword.CONSTRAINT)) {
      boolean ifExists = grammar.definitions.ifExists();
      Identifier name = stream.columnName();
      boolean cascade = grammar.definitions.cascade();
      return new AlterAction.DropConstraint(name, ifExists, cascade, stream.since(start));
    }
    stream.accept(Keyword.COLUMN);
    boolean ifExists = grammar.definitions.ifExists();
    Identifier column = stream.columnName();
    boolean cascade = grammar.definitions.cascade();
    return new AlterAction.DropColumn(column, ifExists, cascade, stream.since(start));
  }

  private AlterAction column(Identifier column, int start) {
    if (stream.accept(Keyword.DROP)) {
      if (stream.accept(Keyword.DEFAULT)) {
        return new AlterAction.ColumnDefault(column, null, stream.since(start));
      }
      if (stream.accept(Keyword.IDENTITY)) {
        boolean ifExists = grammar.definitions.ifExists();
        return new AlterAction.DropIdentity(column, ifExists, stream.since(start));
      }
      stream.expect(Keyword.NOT);
      stream.expect(Keyword.NULL);
      return new AlterAction.ColumnNotNull(column, false, stream.since(start));
    }
    if (stream.at(Keyword.TYPE) || stream.at(Keyword.SET) && stream.at(1, Keyword.DATA)) {
      return type(column, start);
    }
    if (stream.accept(Keyword.ADD)) {
      return new AlterAction.AddIdentity(column, identity(), stream.since(start));
    }
    if (stream.accept(Keyword.SET, Keyword.DEFAULT)) {
      Expression value = grammar.expressions.expression();
      return new AlterAction.ColumnDefault(column, value, stream.since(start));
    }
    if (stream.at(Keyword.SET) && stream.at(1, Keyword.STORAGE)
        || stream.at(Keyword.SET) && stream.at(1, Keyword.STATISTICS)) {
      stream.advance();
      stream.advance();
      stream.acceptOperator("-");
      stream.advance();
      return new AlterAction.NoEffect(stream.since(start));
    }
    if (stream.at(Keyword.SET) && stream.at(1, Keyword.NOT)) {
      stream.advance();
      stream.advance();
      stream.expect(Keyword.NULL);
      return new AlterAction.ColumnNotNull(column, true, stream.since(start));
    }
    return alterIdentity(column, start);
  }

  private AlterAction type(Identifier column, int start) {
    if (stream.accept(Keyword.SET)) {
      stream.expect(Keyword.DATA);
    }
    stream.expect(Keyword.TYPE);
    TypeName type = grammar.types.type();
    if (stream.accept(Keyword.COLLATE)) {
      grammar.names.qualifiedName();
    }
    Expression using = stream.accept(Keyword.USING) ? grammar.expressions.expression() : null;
    return new AlterAction.ColumnType(column, type, using, stream.since(start));
  }

  private ColumnDefinition.Identity identity() {
    int start = stream.index();
    stream.expect(Keyword.GENERATED);
    boolean always = generation();
    stream.expect(Keyword.AS);
    stream.expect(Keyword.IDENTITY);
    SequenceOptions options = SequenceOptions.NONE;
    if (stream.accept(TokenKind.LEFT_PAREN)) {
      options = grammar.definitions.sequenceOptions();
      stream.expect(TokenKind.RIGHT_PAREN);
    }
    return new ColumnDefinition.Identity(always, options, stream.since(start));
  }

  private boolean generation() {
    if (stream.accept(Keyword.ALWAYS)) {
      return true;
    }
    stream.expect(Keyword.BY);
    stream.expect(Keyword.DEFAULT);
    return false;
  }

  /** SET GENERATED, RESTART, and SET before each option of the sequence. */
  private AlterAction alterIdentity(Identifier column, int start) {
    if (stream.at(Keyword.SET) && stream.at(1, Keyword.GENERATED)) {
      stream.advance();
      stream.advance();
      boolean always = generation();
      return new AlterAction.AlterIdentity(
          column, always, SequenceOptions.NONE, stream.since(start));
    }
    if (!stream.at(Keyword.RESTART) && !stream.accept(Keyword.SET)) {
      throw stream.unexpected();
    }
    SequenceOptions options = grammar.definitions.sequenceOptions();
    if (options.equals(SequenceOptions.NONE)) {
      throw stream.unexpected();
    }
    return new AlterAction.AlterIdentity(column, null, options, stream.since(start));
  }
}
