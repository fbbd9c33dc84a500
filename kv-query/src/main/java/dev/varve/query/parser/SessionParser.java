// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import dev.varve.IsolationLevel;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.SessionStatement;
import dev.varve.query.ast.Statement;
import dev.varve.query.ast.TransactionStatement;
import dev.varve.query.ast.TransactionStatement.Modes;
import dev.varve.query.ast.TypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads statements about transactions and about the session. */
final class SessionParser {
  private static final Modes NO_MODES = new Modes(null, null);

  private final Grammar grammar;
  private final TokenStream stream;

  SessionParser(Grammar grammar) {
    this.grammar = grammar;
    this.stream = grammar.stream;
  }

  /** BEGIN or START TRANSACTION. */
  Statement begin() {
    int start = stream.index();
    if (stream.accept(Keyword.START)) {
      stream.expect(Keyword.TRANSACTION);
    } else {
      stream.expect(Keyword.BEGIN);
      ignoreWork();
    }
    Modes modes = modes();
    return new TransactionStatement.Begin(modes, stream.since(start));
  }

  private void ignoreWork() {
    if (!stream.accept(Keyword.WORK)) {
      stream.accept(Keyword.TRANSACTION);
    }
  }

  private Modes modes() {
    Modes modes = NO_MODES;
    while (true) {
      if (stream.accept(Keyword.ISOLATION)) {
        stream.expect(Keyword.LEVEL);
        modes = new Modes(isolation(), modes.readOnly());
      } else if (stream.at(Keyword.READ)) {
        stream.advance();
        boolean only = stream.accept(Keyword.ONLY);
        if (!only) {
          stream.expect(Keyword.WRITE);
        }
        modes = new Modes(modes.isolation(), only);
      } else if (stream.at(Keyword.NOT) && stream.at(1, Keyword.DEFERRABLE)) {
        stream.advance();
        stream.advance();
      } else if (!stream.accept(Keyword.DEFERRABLE)) {
        return modes;
      }
      stream.accept(TokenKind.COMMA);
    }
  }

  private IsolationLevel isolation() {
    if (stream.accept(Keyword.SERIALIZABLE)) {
      return IsolationLevel.SERIALIZABLE;
    }
    if (stream.accept(Keyword.SNAPSHOT)) {
      return IsolationLevel.REPEATABLE_READ;
    }
    if (stream.accept(Keyword.REPEATABLE)) {
      stream.expect(Keyword.READ);
      return IsolationLevel.REPEATABLE_READ;
    }
    stream.expect(Keyword.READ);
    if (stream.accept(Keyword.COMMITTED)) {
      return IsolationLevel.READ_COMMITTED;
    }
    stream.expect(Keyword.UNCOMMITTED);
    return IsolationLevel.READ_UNCOMMITTED;
  }

  /** COMMIT, END, COMMIT PREPARED. */
  Statement commit() {
    int start = stream.index();
    if (stream.accept(Keyword.COMMIT, Keyword.PREPARED)) {
      String id = stream.expectString();
      return new TransactionStatement.CommitPrepared(id, stream.since(start));
    }
    stream.advance();
    ignoreWork();
    return new TransactionStatement.Commit(andChain(), stream.since(start));
  }

  private boolean andChain() {
    if (!stream.accept(Keyword.AND)) {
      return false;
    }
    boolean chain = !stream.accept(Keyword.NO);
    stream.expect(Keyword.CHAIN);
    return chain;
  }

  /** ROLLBACK, ABORT, ROLLBACK TO, ROLLBACK PREPARED. */
  Statement rollback() {
    int start = stream.index();
    if (stream.accept(Keyword.ROLLBACK, Keyword.PREPARED)) {
      String id = stream.expectString();
      return new TransactionStatement.RollbackPrepared(id, stream.since(start));
    }
    boolean isAbort = stream.at(Keyword.ABORT);
    stream.advance();
    ignoreWork();
    if (!isAbort && stream.accept(Keyword.TO)) {
      acceptSavepoint();
      Identifier name = stream.columnName();
      return new TransactionStatement.RollbackToSavepoint(name, stream.since(start));
    }
    return new TransactionStatement.Rollback(andChain(), stream.since(start));
  }

  private void acceptSavepoint() {
    if (stream.at(Keyword.SAVEPOINT) && stream.atColumnName(1)) {
      stream.advance();
    }
  }

  /** SAVEPOINT. */
  Statement savepoint() {
    int start = stream.index();
    stream.expect(Keyword.SAVEPOINT);
    Identifier name = stream.columnName();
    return new TransactionStatement.SetSavepoint(name, stream.since(start));
  }

  /** RELEASE. */
  Statement release() {
    int start = stream.index();
    stream.expect(Keyword.RELEASE);
    acceptSavepoint();
    Identifier name = stream.columnName();
    return new TransactionStatement.ReleaseSavepoint(name, stream.since(start));
  }

  /** LOCK TABLE. */
  Statement lock() {
    int start = stream.index();
    stream.expect(Keyword.LOCK);
    stream.accept(Keyword.TABLE);
    stream.accept(Keyword.ONLY);
    List<QualifiedName> tables = grammar.names.qualifiedNames();
    StringBuilder mode = new StringBuilder();
    if (stream.accept(Keyword.IN)) {
      while (!stream.at(Keyword.MODE)) {
        mode.append(mode.isEmpty() ? "" : " ");
        mode.append(stream.label().name().toUpperCase(Locale.ROOT));
      }
      stream.advance();
    } else {
      mode.append("ACCESS EXCLUSIVE");
    }
    boolean nowait = stream.accept(Keyword.NOWAIT);
    return new TransactionStatement.LockTable(tables, mode.toString(), nowait, stream.since(start));
  }

  /** SET of anything. */
  Statement set() {
    int start = stream.index();
    stream.expect(Keyword.SET);
    if (stream.accept(Keyword.CONSTRAINTS)) {
      return setConstraints(start);
    }
    if (stream.at(Keyword.TRANSACTION)) {
      stream.advance();
      return new TransactionStatement.SetTransaction(modes(), false, stream.since(start));
    }
    if (stream.at(Keyword.SESSION) && stream.at(1, Keyword.CHARACTERISTICS)) {
      stream.advance();
      stream.advance();
      stream.expect(Keyword.AS);
      stream.expect(Keyword.TRANSACTION);
      return new TransactionStatement.SetTransaction(modes(), true, stream.since(start));
    }
    boolean local = stream.accept(Keyword.LOCAL);
    if (!local && stream.at(Keyword.SESSION) && !stream.at(1, Keyword.TO)) {
      stream.advance();
    }
    String name;
    if (stream.at(Keyword.TIME) && stream.at(1, Keyword.ZONE)) {
      stream.advance();
      stream.advance();
      name = "timezone";
    } else {
      name = settingName();
      if (!stream.accept(Keyword.TO) && !stream.acceptOperator("=")) {
        throw stream.unexpected();
      }
    }
    List<String> values = settingValues();
    return new SessionStatement.SetVariable(name, local, values, stream.since(start));
  }

  private Statement setConstraints(int start) {
    List<QualifiedName> names =
        stream.accept(Keyword.ALL) ? List.of() : grammar.names.qualifiedNames();
    boolean deferred = stream.accept(Keyword.DEFERRED);
    if (!deferred) {
      stream.expect(Keyword.IMMEDIATE);
    }
    return new TransactionStatement.SetConstraints(names, deferred, stream.since(start));
  }

  private String settingName() {
    StringBuilder name = new StringBuilder(stream.label().name());
    while (stream.accept(TokenKind.DOT)) {
      name.append('.').append(stream.label().name());
    }
    return name.toString();
  }

  private List<String> settingValues() {
    if (stream.accept(Keyword.DEFAULT)) {
      return List.of();
    }
    List<String> values = new ArrayList<>(1);
    do {
      values.add(settingValue());
    } while (stream.accept(TokenKind.COMMA));
    return List.copyOf(values);
  }

  private String settingValue() {
    boolean negative = stream.acceptOperator("-");
    switch (stream.kind()) {
      case STRING, INTEGER, DECIMAL:
        String value = String.valueOf(stream.value());
        stream.advance();
        return negative ? "-" + value : value;
      case IDENTIFIER, KEYWORD:
        return stream.label().name();
      default:
        throw stream.unexpected();
    }
  }

  /** RESET. */
  Statement reset() {
    int start = stream.index();
    stream.expect(Keyword.RESET);
    String name = stream.accept(Keyword.ALL) ? null : settingNameOrTimeZone();
    return new SessionStatement.ResetVariable(name, stream.since(start));
  }

  /** SHOW. */
  Statement show() {
    int start = stream.index();
    stream.expect(Keyword.SHOW);
    String name = stream.accept(Keyword.ALL) ? "all" : settingNameOrTimeZone();
    return new SessionStatement.ShowVariable(name, stream.since(start));
  }

  private String settingNameOrTimeZone() {
    if (stream.accept(Keyword.TIME, Keyword.ZONE)) {
      return "timezone";
    }
    if (stream.at(Keyword.TRANSACTION) && stream.at(1, Keyword.ISOLATION)) {
      stream.advance();
      stream.advance();
      stream.expect(Keyword.LEVEL);
      return "transaction_isolation";
    }
    return settingName();
  }

  /** PREPARE, PREPARE TRANSACTION. */
  Statement prepare() {
    int start = stream.index();
    stream.expect(Keyword.PREPARE);
    if (stream.at(Keyword.TRANSACTION) && stream.at(1, TokenKind.STRING)) {
      stream.advance();
      String id = stream.expectString();
      return new TransactionStatement.PrepareTransaction(id, stream.since(start));
    }
    Identifier name = stream.columnName();
    List<TypeName> types = new ArrayList<>();
    if (stream.accept(TokenKind.LEFT_PAREN)) {
      do {
        types.add(grammar.types.type());
      } while (stream.accept(TokenKind.COMMA));
      stream.expect(TokenKind.RIGHT_PAREN);
    }
    stream.expect(Keyword.AS);
    Statement statement = grammar.statements.dataOrQuery();
    return new SessionStatement.Prepare(name, List.copyOf(types), statement, stream.since(start));
  }

  /** EXECUTE. */
  Statement execute() {
    int start = stream.index();
    stream.expect(Keyword.EXECUTE);
    Identifier name = stream.columnName();
    List<Expression> arguments = List.of();
    if (stream.accept(TokenKind.LEFT_PAREN)) {
      arguments = grammar.expressions.expressions();
      stream.expect(TokenKind.RIGHT_PAREN);
    }
    return new SessionStatement.Execute(name, arguments, stream.since(start));
  }

  /** DEALLOCATE. */
  Statement deallocate() {
    int start = stream.index();
    stream.expect(Keyword.DEALLOCATE);
    if (stream.at(Keyword.PREPARE) && !stream.at(1, TokenKind.END)) {
      stream.advance();
    }
    Identifier name = stream.accept(Keyword.ALL) ? null : stream.columnName();
    return new SessionStatement.Deallocate(name, stream.since(start));
  }

  /** DISCARD. */
  Statement discard() {
    int start = stream.index();
    stream.expect(Keyword.DISCARD);
    String target = stream.label().name().toUpperCase(Locale.ROOT);
    return new SessionStatement.Discard(target, stream.since(start));
  }
}
