// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import dev.varve.ErrorCode;
import dev.varve.query.ast.ColumnDefinition;
import dev.varve.query.ast.DefinitionStatement;
import dev.varve.query.ast.DefinitionStatement.CheckOption;
import dev.varve.query.ast.DefinitionStatement.LikeClause;
import dev.varve.query.ast.DefinitionStatement.ObjectKind;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.Query;
import dev.varve.query.ast.SequenceOptions;
import dev.varve.query.ast.SortItem;
import dev.varve.query.ast.Statement;
import dev.varve.query.ast.TableConstraint;
import dev.varve.query.ast.TypeName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads CREATE, DROP and COMMENT. */
final class DefinitionParser {
  private final Grammar grammar;
  private final TokenStream stream;

  DefinitionParser(Grammar grammar) {
    this.grammar = grammar;
    this.stream = grammar.stream;
  }

  /** CREATE of anything. */
  Statement create() {
    int start = stream.index();
    stream.expect(Keyword.CREATE);
    boolean orReplace = stream.accept(Keyword.OR, Keyword.REPLACE);
    if (!stream.accept(Keyword.GLOBAL)) {
      stream.accept(Keyword.LOCAL);
    }
    boolean temporary = stream.accept(Keyword.TEMP) || stream.accept(Keyword.TEMPORARY);
    boolean recursive = stream.accept(Keyword.RECURSIVE);
    if (stream.at(Keyword.VIEW)) {
      return view(orReplace, temporary, recursive, start);
    }
    if (orReplace || recursive) {
      throw stream.unexpected();
    }
    boolean unlogged = stream.accept(Keyword.UNLOGGED);
    if (stream.at(Keyword.TABLE)) {
      return table(temporary, start);
    }
    if (unlogged) {
      throw stream.unexpected();
    }
    if (stream.at(Keyword.SEQUENCE)) {
      return sequence(temporary, start);
    }
    if (temporary) {
      throw stream.unexpected();
    }
    if (stream.at(Keyword.UNIQUE) || stream.at(Keyword.INDEX)) {
      return index(start);
    }
    if (stream.at(Keyword.SCHEMA)) {
      return schema(start);
    }
    throw notSupported("CREATE");
  }

  private dev.varve.VarveException notSupported(String verb) {
    if (stream.at(TokenKind.KEYWORD) || stream.at(TokenKind.IDENTIFIER)) {
      String what = stream.source().slice(stream.span()).toUpperCase(java.util.Locale.ROOT);
      switch (what) {
        case "FUNCTION",
            "PROCEDURE",
            "TRIGGER",
            "TYPE",
            "DOMAIN",
            "MATERIALIZED",
            "EXTENSION",
            "AGGREGATE",
            "OPERATOR",
            "RULE",
            "POLICY",
            "ROLE",
            "USER",
            "DATABASE",
            "CAST",
            "COLLATION",
            "STATISTICS",
            "CONSTRAINT",
            "EVENT",
            "LANGUAGE",
            "PUBLICATION",
            "SERVER",
            "FOREIGN",
            "TABLESPACE",
            "GROUP",
            "ACCESS",
            "CONVERSION",
            "TRANSFORM",
            "TEXT" -> {
          return stream
              .error(ErrorCode.NOT_SUPPORTED, verb + " " + what + " is not supported")
              .build();
        }
        default -> {}
      }
    }
    return stream.unexpected();
  }

  private boolean ifNotExists() {
    if (!stream.accept(Keyword.IF)) {
      return false;
    }
    stream.expect(Keyword.NOT);
    stream.expect(Keyword.EXISTS);
    return true;
  }

  /** IF EXISTS, if it stands there. */
  boolean ifExists() {
    if (!stream.at(Keyword.IF) || !stream.at(1, Keyword.EXISTS)) {
      return false;
    }
    stream.advance();
    stream.advance();
    return true;
  }

  private Statement table(boolean temporary, int start) {
    stream.expect(Keyword.TABLE);
    boolean ifNotExists = ifNotExists();
    QualifiedName name = grammar.names.qualifiedName();
    if (stream.at(Keyword.AS) || stream.at(TokenKind.LEFT_PAREN) && namesOnly()) {
      return tableAs(name, temporary, ifNotExists, start);
    }
    if (stream.at(Keyword.PARTITION)) {
      throw stream.error(ErrorCode.NOT_SUPPORTED, "partitioned tables are not supported").build();
    }
    List<ColumnDefinition> columns = new ArrayList<>();
    List<TableConstraint> constraints = new ArrayList<>();
    List<LikeClause> like = new ArrayList<>();
    stream.expect(TokenKind.LEFT_PAREN);
    if (!stream.at(TokenKind.RIGHT_PAREN)) {
      do {
        if (stream.at(Keyword.LIKE)) {
          like.add(likeClause());
        } else if (grammar.constraints.atTableConstraint()) {
          constraints.add(grammar.constraints.tableConstraint());
        } else {
          columns.add(grammar.constraints.column());
        }
      } while (stream.accept(TokenKind.COMMA));
    }
    stream.expect(TokenKind.RIGHT_PAREN);
    tableOptions(temporary);
    return new DefinitionStatement.CreateTable(
        name,
        temporary,
        ifNotExists,
        List.copyOf(columns),
        List.copyOf(constraints),
        List.copyOf(like),
        stream.since(start));
  }

  /** Whether the parentheses here hold names alone, as before AS. */
  private boolean namesOnly() {
    int ahead = 1;
    while (stream.atColumnName(ahead) && stream.at(ahead + 1, TokenKind.COMMA)) {
      ahead += 2;
    }
    return stream.atColumnName(ahead)
        && stream.at(ahead + 1, TokenKind.RIGHT_PAREN)
        && (stream.at(ahead + 2, Keyword.AS) || stream.at(ahead + 2, Keyword.WITH));
  }

  private void tableOptions(boolean temporary) {
    if (stream.acceptWord("inherits") || stream.at(Keyword.INHERITS)) {
      throw stream.error(ErrorCode.NOT_SUPPORTED, "table inheritance is not supported").build();
    }
    if (stream.at(Keyword.PARTITION)) {
      throw stream.error(ErrorCode.NOT_SUPPORTED, "partitioned tables are not supported").build();
    }
    storageOptions();
    if (stream.accept(Keyword.ON)) {
      stream.expect(Keyword.COMMIT);
      if (!temporary) {
        throw stream
            .error(
                ErrorCode.INVALID_TABLE_DEFINITION,
                "ON COMMIT can only be used on temporary tables")
            .build();
      }
      if (stream.accept(Keyword.DROP) || stream.accept(Keyword.DELETE, Keyword.ROWS)) {
        throw stream
            .error(ErrorCode.NOT_SUPPORTED, "ON COMMIT DROP and DELETE ROWS are not supported")
            .build();
      }
      if (!stream.acceptWord("preserve")) {
        throw stream.unexpected();
      }
      stream.expect(Keyword.ROWS);
    }
  }

  /** WITH (..) storage parameters, which mean nothing here. */
  private void storageOptions() {
    if (stream.at(Keyword.WITH) && stream.at(1, TokenKind.LEFT_PAREN)) {
      stream.advance();
      skipParens();
    } else if (stream.at(Keyword.WITHOUT)) {
      stream.advance();
      if (!stream.acceptWord("oids")) {
        throw stream.unexpected();
      }
    }
  }

  /** Leaves out everything up to the parenthesis that closes this one. */
  void skipParens() {
    int close = stream.partnerAhead(0);
    if (close < 0) {
      throw stream.unexpected();
    }
    for (int i = 0; i <= close; i++) {
      stream.advance();
    }
  }

  private LikeClause likeClause() {
    int start = stream.index();
    stream.expect(Keyword.LIKE);
    QualifiedName table = grammar.names.qualifiedName();
    List<String> including = new ArrayList<>();
    while (stream.at(Keyword.INCLUDING) || stream.at(Keyword.EXCLUDING)) {
      boolean include = stream.at(Keyword.INCLUDING);
      stream.advance();
      String what = stream.label().name();
      if (include) {
        including.add(what);
      }
    }
    return new LikeClause(table, List.copyOf(including), stream.since(start));
  }

  private Statement tableAs(QualifiedName name, boolean temporary, boolean ifNotExists, int start) {
    List<Identifier> columns = grammar.names.optionalNamesInParens();
    storageOptions();
    stream.expect(Keyword.AS);
    Query query = grammar.queries.query();
    boolean withData = true;
    if (stream.accept(Keyword.WITH)) {
      withData = !stream.accept(Keyword.NO);
      stream.expect(Keyword.DATA);
    }
    return new DefinitionStatement.CreateTableAs(
        name, temporary, ifNotExists, columns, query, withData, stream.since(start));
  }

  private Statement view(boolean orReplace, boolean temporary, boolean recursive, int start) {
    stream.expect(Keyword.VIEW);
    boolean ifNotExists = ifNotExists();
    QualifiedName name = grammar.names.qualifiedName();
    List<Identifier> columns = grammar.names.optionalNamesInParens();
    storageOptions();
    stream.expect(Keyword.AS);
    Query query = grammar.queries.query();
    CheckOption check = CheckOption.NONE;
    if (stream.accept(Keyword.WITH)) {
      check = stream.accept(Keyword.LOCAL) ? CheckOption.LOCAL : CheckOption.CASCADED;
      stream.accept(Keyword.CASCADED);
      stream.expect(Keyword.CHECK);
      stream.expect(Keyword.OPTION);
    }
    return new DefinitionStatement.CreateView(
        name,
        temporary,
        orReplace,
        ifNotExists,
        recursive,
        columns,
        query,
        check,
        stream.since(start));
  }

  private Statement index(int start) {
    boolean unique = stream.accept(Keyword.UNIQUE);
    stream.expect(Keyword.INDEX);
    stream.accept(Keyword.CONCURRENTLY);
    boolean ifNotExists = ifNotExists();
    Identifier name = stream.at(Keyword.ON) ? null : stream.columnName();
    if (ifNotExists && name == null) {
      throw stream.unexpected();
    }
    stream.expect(Keyword.ON);
    stream.accept(Keyword.ONLY);
    QualifiedName table = grammar.names.qualifiedName();
    String method = stream.accept(Keyword.USING) ? stream.columnName().name() : "btree";
    List<SortItem> keys = new ArrayList<>();
    stream.expect(TokenKind.LEFT_PAREN);
    do {
      keys.add(indexKey());
    } while (stream.accept(TokenKind.COMMA));
    stream.expect(TokenKind.RIGHT_PAREN);
    List<Identifier> include =
        stream.accept(Keyword.INCLUDE) ? grammar.names.namesInParens() : List.of();
    boolean notDistinct = false;
    if (stream.accept(Keyword.NULLS)) {
      notDistinct = stream.accept(Keyword.NOT);
      stream.expect(Keyword.DISTINCT);
    }
    storageOptions();
    Expression where = stream.accept(Keyword.WHERE) ? grammar.expressions.expression() : null;
    return new DefinitionStatement.CreateIndex(
        name,
        unique,
        ifNotExists,
        table,
        method,
        List.copyOf(keys),
        include,
        notDistinct,
        where,
        stream.since(start));
  }

  private SortItem indexKey() {
    int start = stream.index();
    Expression key = grammar.expressions.expression();
    if (stream.at(TokenKind.IDENTIFIER)) {
      // An operator class: there is one per type.
      grammar.names.qualifiedName();
    }
    return grammar.queries.sortItem(key, start);
  }

  private Statement schema(int start) {
    stream.expect(Keyword.SCHEMA);
    boolean ifNotExists = ifNotExists();
    Identifier name;
    if (stream.accept(Keyword.AUTHORIZATION)) {
      name = stream.columnName();
    } else {
      name = stream.columnName();
      if (stream.accept(Keyword.AUTHORIZATION)) {
        stream.columnName();
      }
    }
    List<Statement> elements = new ArrayList<>();
    while (stream.at(Keyword.CREATE)) {
      stream.descend(1);
      elements.add(create());
      stream.ascend(1);
    }
    return new DefinitionStatement.CreateSchema(
        name, ifNotExists, List.copyOf(elements), stream.since(start));
  }

  private Statement sequence(boolean temporary, int start) {
    stream.expect(Keyword.SEQUENCE);
    boolean ifNotExists = ifNotExists();
    QualifiedName name = grammar.names.qualifiedName();
    SequenceOptions options = sequenceOptions();
    return new DefinitionStatement.CreateSequence(
        name, temporary, ifNotExists, options, stream.since(start));
  }

  /** The options of CREATE and ALTER SEQUENCE and of IDENTITY, in any order. */
  SequenceOptions sequenceOptions() {
    TypeName type = null;
    Long startValue = null;
    Long increment = null;
    Long minValue = null;
    Long maxValue = null;
    Long cache = null;
    Long restart = null;
    Boolean cycle = null;
    boolean noMin = false;
    boolean noMax = false;
    boolean restartPlain = false;
    QualifiedName owner = null;
    while (true) {
      if (stream.accept(Keyword.AS)) {
        type = grammar.types.simpleType();
      } else if (stream.accept(Keyword.START)) {
        stream.accept(Keyword.WITH);
        startValue = number();
      } else if (stream.accept(Keyword.INCREMENT)) {
        stream.accept(Keyword.BY);
        increment = number();
      } else if (stream.accept(Keyword.MINVALUE)) {
        minValue = number();
      } else if (stream.accept(Keyword.MAXVALUE)) {
        maxValue = number();
      } else if (stream.accept(Keyword.CACHE)) {
        cache = number();
      } else if (stream.accept(Keyword.CYCLE)) {
        cycle = true;
      } else if (stream.accept(Keyword.NO)) {
        noMin |= stream.at(Keyword.MINVALUE);
        noMax |= stream.at(Keyword.MAXVALUE);
        cycle = stream.at(Keyword.CYCLE) ? Boolean.FALSE : cycle;
        if (!stream.accept(Keyword.MINVALUE) && !stream.accept(Keyword.MAXVALUE)) {
          stream.expect(Keyword.CYCLE);
        }
      } else if (stream.accept(Keyword.RESTART)) {
        boolean with = stream.accept(Keyword.WITH);
        restartPlain = !with && !atNumber();
        restart = restartPlain ? null : number();
      } else if (stream.accept(Keyword.OWNED)) {
        stream.expect(Keyword.BY);
        owner = grammar.names.qualifiedName();
      } else {
        break;
      }
    }
    return new SequenceOptions(
        type,
        startValue,
        increment,
        minValue,
        noMin,
        maxValue,
        noMax,
        cache,
        cycle,
        restart,
        restartPlain,
        owner);
  }

  private boolean atNumber() {
    return stream.at(TokenKind.INTEGER) || stream.atOperator("-") || stream.atOperator("+");
  }

  private Long number() {
    boolean negative = stream.acceptOperator("-");
    if (!negative) {
      stream.acceptOperator("+");
    }
    if (negative
        && stream.valueOrNull(0) instanceof java.math.BigDecimal huge
        && huge.negate().equals(java.math.BigDecimal.valueOf(Long.MIN_VALUE))) {
      stream.advance();
      return Long.MIN_VALUE;
    }
    if (!stream.at(TokenKind.INTEGER)) {
      throw stream.unexpected();
    }
    long value = (Long) stream.value();
    stream.advance();
    return negative ? -value : value;
  }

  /** DROP of anything. */
  Statement drop() {
    int start = stream.index();
    stream.expect(Keyword.DROP);
    ObjectKind kind = objectKind();
    if (kind == null) {
      throw notSupported("DROP");
    }
    if (kind == ObjectKind.INDEX) {
      stream.accept(Keyword.CONCURRENTLY);
    }
    boolean ifExists = ifExists();
    List<QualifiedName> names = grammar.names.qualifiedNames();
    boolean cascade = cascade();
    return new DefinitionStatement.Drop(kind, names, ifExists, cascade, stream.since(start));
  }

  /** CASCADE, or RESTRICT, or nothing. */
  boolean cascade() {
    if (stream.accept(Keyword.CASCADE)) {
      return true;
    }
    stream.accept(Keyword.RESTRICT);
    return false;
  }

  /** The kind of object named here, or null. */
  @Nullable ObjectKind objectKind() {
    Keyword keyword = stream.keyword();
    if (keyword == null) {
      return null;
    }
    ObjectKind kind =
        switch (keyword) {
          case TABLE -> ObjectKind.TABLE;
          case VIEW -> ObjectKind.VIEW;
          case INDEX -> ObjectKind.INDEX;
          case SEQUENCE -> ObjectKind.SEQUENCE;
          case SCHEMA -> ObjectKind.SCHEMA;
          case COLUMN -> ObjectKind.COLUMN;
          default -> null;
        };
    if (kind != null) {
      stream.advance();
    }
    return kind;
  }

  /** COMMENT ON. */
  Statement comment() {
    int start = stream.index();
    stream.expect(Keyword.COMMENT);
    stream.expect(Keyword.ON);
    ObjectKind kind = objectKind();
    if (kind == null) {
      throw notSupported("COMMENT ON");
    }
    QualifiedName name = grammar.names.qualifiedName();
    stream.expect(Keyword.IS);
    String text = stream.accept(Keyword.NULL) ? null : stream.expectString();
    return new DefinitionStatement.Comment(kind, name, text, stream.since(start));
  }
}
