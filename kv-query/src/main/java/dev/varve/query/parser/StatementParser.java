// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.ast.DefinitionStatement;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.Query.CommonTable;
import dev.varve.query.ast.Spelling;
import dev.varve.query.ast.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads whole statements: looks at the first word and hands on. */
final class StatementParser {
  private static final List<String> FIRST_WORDS =
      List.of(
          "select",
          "insert",
          "update",
          "delete",
          "create",
          "drop",
          "alter",
          "with",
          "values",
          "begin",
          "commit",
          "rollback",
          "explain",
          "truncate",
          "savepoint",
          "release",
          "set",
          "show",
          "prepare",
          "execute");

  private final Grammar grammar;
  private final TokenStream stream;

  StatementParser(Grammar grammar) {
    this.grammar = grammar;
    this.stream = grammar.stream;
  }

  /** One statement of any kind, up to its semicolon or the end. */
  Statement statement() {
    stream.restartDeepest();
    Statement statement = anyStatement();
    if (!stream.at(TokenKind.SEMICOLON) && !stream.at(TokenKind.END)) {
      throw stream.unexpected();
    }
    return statement;
  }

  private Statement anyStatement() {
    Keyword keyword = stream.keyword();
    if (keyword == null) {
      if (stream.at(TokenKind.LEFT_PAREN)) {
        return dataOrQuery();
      }
      throw unknownStatement();
    }
    return switch (keyword) {
      case SELECT, VALUES, TABLE, WITH, INSERT, UPDATE, DELETE -> dataOrQuery();
      case TRUNCATE -> grammar.data.truncate();
      case CREATE -> grammar.definitions.create();
      case DROP -> grammar.definitions.drop();
      case ALTER -> grammar.alter.alter();
      case COMMENT -> grammar.definitions.comment();
      case EXPLAIN -> explain();
      case BEGIN, START -> grammar.session.begin();
      case COMMIT, END -> grammar.session.commit();
      case ROLLBACK, ABORT -> grammar.session.rollback();
      case SAVEPOINT -> grammar.session.savepoint();
      case RELEASE -> grammar.session.release();
      case LOCK -> grammar.session.lock();
      case SET -> grammar.session.set();
      case RESET -> grammar.session.reset();
      case SHOW -> grammar.session.show();
      case PREPARE -> grammar.session.prepare();
      case EXECUTE -> grammar.session.execute();
      case DEALLOCATE -> grammar.session.deallocate();
      case DISCARD -> grammar.session.discard();
      case ANALYZE, ANALYSE, VACUUM, REINDEX, CHECKPOINT -> upkeep();
      case MERGE -> throw stream.error(ErrorCode.NOT_SUPPORTED, "MERGE is not supported").build();
      default -> throw unknownStatement();
    };
  }

  private VarveException unknownStatement() {
    if (stream.at(TokenKind.IDENTIFIER)) {
      String word = (String) stream.value();
      VarveException.Builder error =
          stream.error(ErrorCode.SYNTAX_ERROR, "syntax error at or near \"" + word + "\"");
      String near = Spelling.nearest(word, FIRST_WORDS);
      return near == null
          ? error.build()
          : error.hint("Did you mean " + near.toUpperCase(Locale.ROOT) + "?").build();
    }
    return stream.unexpected();
  }

  /** A query, INSERT, UPDATE or DELETE, with its WITH. */
  Statement dataOrQuery() {
    int start = stream.index();
    boolean recursive = stream.at(Keyword.WITH) && stream.at(1, Keyword.RECURSIVE);
    List<CommonTable> with = grammar.queries.optionalWith();
    if (stream.at(Keyword.INSERT)) {
      return grammar.data.insert(with, recursive, start);
    }
    if (stream.at(Keyword.UPDATE)) {
      return grammar.data.update(with, recursive, start);
    }
    if (stream.at(Keyword.DELETE)) {
      return grammar.data.delete(with, recursive, start);
    }
    if (stream.at(Keyword.MERGE)) {
      throw stream.error(ErrorCode.NOT_SUPPORTED, "MERGE is not supported").build();
    }
    if (!grammar.queries.atQuery()) {
      throw stream.unexpected();
    }
    Query query = grammar.queries.queryAfterWith(with, recursive, start);
    QualifiedName into = grammar.queries.takeInto();
    if (into != null) {
      return new DefinitionStatement.CreateTableAs(
          into, false, false, List.of(), query, true, stream.since(start));
    }
    return new Statement.QueryStatement(query, stream.since(start));
  }

  private Statement explain() {
    int start = stream.index();
    stream.expect(Keyword.EXPLAIN);
    boolean analyze = false;
    List<String> options = new ArrayList<>();
    if (stream.at(TokenKind.LEFT_PAREN) && !grammar.queries.atQueryInParens(0)) {
      stream.advance();
      do {
        String option = stream.label().name();
        boolean on = optionIsOn();
        if (option.equals("analyze")) {
          analyze = on;
        } else if (on) {
          options.add(option);
        }
      } while (stream.accept(TokenKind.COMMA));
      stream.expect(TokenKind.RIGHT_PAREN);
    } else {
      analyze = stream.accept(Keyword.ANALYZE) || stream.accept(Keyword.ANALYSE);
      if (stream.accept(Keyword.VERBOSE)) {
        options.add("verbose");
      }
    }
    stream.descend(1);
    Statement statement = explained();
    stream.ascend(1);
    return new Statement.Explain(analyze, List.copyOf(options), statement, stream.since(start));
  }

  private Statement explained() {
    if (stream.at(Keyword.EXECUTE)) {
      return grammar.session.execute();
    }
    if (stream.at(Keyword.CREATE)) {
      return grammar.definitions.create();
    }
    return dataOrQuery();
  }

  private boolean optionIsOn() {
    if (stream.at(TokenKind.COMMA) || stream.at(TokenKind.RIGHT_PAREN)) {
      return true;
    }
    if (stream.at(TokenKind.INTEGER)) {
      boolean on = (Long) stream.value() != 0;
      stream.advance();
      return on;
    }
    String value = stream.label().name();
    return !value.equals("off") && !value.equals("false");
  }

  private Statement upkeep() {
    int start = stream.index();
    String verb = stream.label().name().toUpperCase(Locale.ROOT);
    while (stream.accept(Keyword.FULL)
        || stream.accept(Keyword.FREEZE)
        || stream.accept(Keyword.VERBOSE)
        || stream.accept(Keyword.ANALYZE)
        || stream.accept(Keyword.CONCURRENTLY)
        || verb.equals("REINDEX")
            && (stream.accept(Keyword.TABLE)
                || stream.accept(Keyword.INDEX)
                || stream.accept(Keyword.SCHEMA)
                || stream.acceptWord("database"))) {}
    List<QualifiedName> names = new ArrayList<>();
    if (stream.atColumnName(0)) {
      do {
        names.add(grammar.names.qualifiedName());
        if (stream.at(TokenKind.LEFT_PAREN)) {
          grammar.names.namesInParens();
        }
      } while (stream.accept(TokenKind.COMMA));
    }
    return new DefinitionStatement.Upkeep(verb, List.copyOf(names), stream.since(start));
  }
}
