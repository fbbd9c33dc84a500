// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import dev.varve.ErrorCode;
import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.QualifiedName;
import dev.varve.query.ast.Span;
import dev.varve.query.ast.TypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the names of types and gives synonyms one spelling. */
final class TypeParser {
  private static final Map<String, String> SYNONYMS =
      Map.of("decimal", "numeric", "string", "text");

  private final TokenStream stream;
  private final NameParser names;

  TypeParser(Grammar grammar) {
    this.stream = grammar.stream;
    this.names = grammar.names;
  }

  /** A type, with modifiers and brackets. */
  TypeName type() {
    int start = stream.index();
    stream.accept(Keyword.SETOF);
    TypeName base = simpleType();
    int dimensions = 0;
    if (stream.at(Keyword.ARRAY)) {
      stream.advance();
      dimensions = 1;
      if (stream.accept(TokenKind.LEFT_BRACKET)) {
        stream.expect(TokenKind.INTEGER);
        stream.expect(TokenKind.RIGHT_BRACKET);
      }
    } else {
      while (stream.at(TokenKind.LEFT_BRACKET)
          && (stream.at(1, TokenKind.RIGHT_BRACKET)
              || stream.at(1, TokenKind.INTEGER) && stream.at(2, TokenKind.RIGHT_BRACKET))) {
        stream.advance();
        stream.accept(TokenKind.INTEGER);
        stream.expect(TokenKind.RIGHT_BRACKET);
        dimensions++;
      }
    }
    if (dimensions == 0) {
      return base;
    }
    return new TypeName(
        base.name(), base.modifiers(), dimensions, base.intervalFields(), stream.since(start));
  }

  /** A type without brackets. */
  TypeName simpleType() {
    int start = stream.index();
    Keyword keyword = stream.keyword();
    if (keyword != null) {
      TypeName builtIn = builtIn(keyword, start);
      if (builtIn != null) {
        return builtIn;
      }
    }
    QualifiedName name = names.functionName();
    if (name.parts().size() == 2 && "pg_catalog".equals(name.schema())) {
      name = new QualifiedName(name.parts().subList(1, 2), name.span());
    }
    if (name.parts().size() == 1 && SYNONYMS.containsKey(name.name())) {
      name = name(SYNONYMS.get(name.name()), name.span());
    }
    return new TypeName(name, modifiers(), 0, null, stream.since(start));
  }

  /** Whether a type literal such as DATE '..' begins here with a keyword that starts no function. */
  boolean atTypedLiteral() {
    Keyword keyword = stream.keyword();
    if (keyword == null) {
      return false;
    }
    return switch (keyword) {
      case BIGINT,
          BOOLEAN,
          DEC,
          DECIMAL,
          FLOAT,
          INT,
          INTEGER,
          INTERVAL,
          NUMERIC,
          REAL,
          SMALLINT,
          VARCHAR ->
          literalFollows(1);
      case BIT, CHAR, CHARACTER, NCHAR -> literalFollows(stream.at(1, Keyword.VARYING) ? 2 : 1);
      case NATIONAL -> literalFollows(stream.at(2, Keyword.VARYING) ? 3 : 2);
      case DOUBLE -> stream.at(1, Keyword.PRECISION) && literalFollows(2);
      case TIME, TIMESTAMP -> timeLiteralFollows();
      default -> false;
    };
  }

  private boolean timeLiteralFollows() {
    int ahead = afterModifiers(1);
    return stream.at(ahead, TokenKind.STRING)
        || (stream.at(ahead, Keyword.WITH) || stream.at(ahead, Keyword.WITHOUT))
            && stream.at(ahead + 1, Keyword.TIME)
            && stream.at(ahead + 3, TokenKind.STRING);
  }

  private boolean literalFollows(int ahead) {
    return stream.at(afterModifiers(ahead), TokenKind.STRING);
  }

  private int afterModifiers(int ahead) {
    return stream.at(ahead, TokenKind.LEFT_PAREN) && stream.partnerAhead(ahead) > 0
        ? stream.partnerAhead(ahead) + 1
        : ahead;
  }

  /** The fields after INTERVAL or after its literal, or null. */
  @Nullable String intervalFields() {
    String from = intervalField();
    if (from == null) {
      return null;
    }
    if (!stream.accept(Keyword.TO)) {
      return from;
    }
    String to = intervalField();
    if (to == null) {
      throw stream.unexpected();
    }
    return from + " TO " + to;
  }

  private @Nullable String intervalField() {
    Keyword keyword = stream.keyword();
    if (keyword == null) {
      return null;
    }
    return switch (keyword) {
      case YEAR, MONTH, DAY, HOUR, MINUTE, SECOND -> {
        stream.advance();
        yield keyword.name();
      }
      default -> null;
    };
  }

  /** What stands in parentheses after a type's name. */
  List<Integer> modifiers() {
    if (!stream.at(TokenKind.LEFT_PAREN)) {
      return List.of();
    }
    stream.advance();
    List<Integer> modifiers = new ArrayList<>(2);
    do {
      boolean negative = stream.acceptOperator("-");
      if (!stream.at(TokenKind.INTEGER)) {
        throw stream.unexpected();
      }
      long value = (Long) stream.value();
      if (value > Integer.MAX_VALUE) {
        throw stream.error(ErrorCode.INVALID_ARGUMENT, "type modifier out of range").build();
      }
      modifiers.add((int) (negative ? -value : value));
      stream.advance();
    } while (stream.accept(TokenKind.COMMA));
    stream.expect(TokenKind.RIGHT_PAREN);
    return List.copyOf(modifiers);
  }

  private @Nullable TypeName builtIn(Keyword keyword, int start) {
    switch (keyword) {
      case INT, INTEGER:
        return plain("int4", start);
      case SMALLINT:
        return plain("int2", start);
      case BIGINT:
        return plain("int8", start);
      case REAL:
        return plain("float4", start);
      case BOOLEAN:
        return plain("bool", start);
      case FLOAT:
        return floating(start);
      case DOUBLE:
        if (!stream.at(1, Keyword.PRECISION)) {
          return null;
        }
        stream.advance();
        return plain("float8", start);
      case DEC, DECIMAL, NUMERIC:
        return withModifiers("numeric", start);
      case VARCHAR:
        return withModifiers("varchar", start);
      case BIT:
        stream.advance();
        return modified(stream.accept(Keyword.VARYING) ? "varbit" : "bit", start);
      case NATIONAL:
        stream.advance();
        if (!stream.at(Keyword.CHAR) && !stream.at(Keyword.CHARACTER)) {
          throw stream.unexpected();
        }
        return character(start);
      case CHAR, CHARACTER, NCHAR:
        return character(start);
      case TIME:
        return time("time", start);
      case TIMESTAMP:
        return time("timestamp", start);
      case INTERVAL:
        return interval(start);
      default:
        return null;
    }
  }

  private TypeName plain(String name, int start) {
    stream.advance();
    return new TypeName(name(name, stream.since(start)), List.of(), 0, null, stream.since(start));
  }

  private TypeName withModifiers(String name, int start) {
    stream.advance();
    return modified(name, start);
  }

  private TypeName modified(String name, int start) {
    QualifiedName qualified = name(name, stream.since(start));
    return new TypeName(qualified, modifiers(), 0, null, stream.since(start));
  }

  private TypeName character(int start) {
    stream.advance();
    if (stream.accept(Keyword.VARYING)) {
      return modified("varchar", start);
    }
    TypeName type = modified("bpchar", start);
    return type.modifiers().isEmpty()
        ? new TypeName(type.name(), List.of(1), 0, null, type.span())
        : type;
  }

  private TypeName floating(int start) {
    stream.advance();
    List<Integer> bits = modifiers();
    int precision = bits.isEmpty() ? 53 : bits.get(0);
    if (precision < 1 || precision > 53) {
      throw stream
          .source()
          .error(
              ErrorCode.INVALID_ARGUMENT,
              stream.since(start),
              precision < 1
                  ? "precision for type float must be at least 1 bit"
                  : "precision for type float must be less than 54 bits")
          .build();
    }
    Span span = stream.since(start);
    return new TypeName(
        name(precision <= 24 ? "float4" : "float8", span), List.of(), 0, null, span);
  }

  private TypeName time(String name, int start) {
    stream.advance();
    List<Integer> precision = modifiers();
    boolean zoned = false;
    if (stream.at(Keyword.WITH) && stream.at(1, Keyword.TIME)
        || stream.at(Keyword.WITHOUT) && stream.at(1, Keyword.TIME)) {
      zoned = stream.at(Keyword.WITH);
      stream.advance();
      stream.advance();
      stream.expect(Keyword.ZONE);
    }
    Span span = stream.since(start);
    return new TypeName(name(zoned ? name + "tz" : name, span), precision, 0, null, span);
  }

  private TypeName interval(int start) {
    stream.advance();
    List<Integer> precision = modifiers();
    String fields = intervalFields();
    if (fields != null && fields.endsWith("SECOND")) {
      precision = modifiers();
    }
    Span span = stream.since(start);
    return new TypeName(name("interval", span), precision, 0, fields, span);
  }

  private static QualifiedName name(String name, Span span) {
    return new QualifiedName(List.of(new Identifier(name, span)), span);
  }
}
