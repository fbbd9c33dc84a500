// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import dev.varve.query.ast.Identifier;
import dev.varve.query.ast.QualifiedName;
import java.util.ArrayList;
import java.util.List;

/** Reads names, qualified names and lists of them. */
final class NameParser {
  private final TokenStream stream;

  NameParser(TokenStream stream) {
    this.stream = stream;
  }

  /** A table or another object: {@code name} or {@code schema.name}. */
  QualifiedName qualifiedName() {
    int start = stream.index();
    Identifier first = stream.columnName();
    if (!stream.at(TokenKind.DOT)) {
      return new QualifiedName(List.of(first), stream.since(start));
    }
    return rest(start, first);
  }

  /** A function or type: its first part may be another set of keywords. */
  QualifiedName functionName() {
    int start = stream.index();
    boolean qualified = stream.at(1, TokenKind.DOT);
    if (qualified ? !stream.atColumnName(0) : !stream.atFunctionName(0)) {
      throw stream.unexpected();
    }
    Identifier first = stream.label();
    if (!qualified) {
      return new QualifiedName(List.of(first), stream.since(start));
    }
    return rest(start, first);
  }

  private QualifiedName rest(int start, Identifier first) {
    List<Identifier> parts = new ArrayList<>(3);
    parts.add(first);
    while (stream.accept(TokenKind.DOT)) {
      parts.add(stream.label());
    }
    return new QualifiedName(List.copyOf(parts), stream.since(start));
  }

  List<QualifiedName> qualifiedNames() {
    List<QualifiedName> list = new ArrayList<>();
    do {
      list.add(qualifiedName());
    } while (stream.accept(TokenKind.COMMA));
    return List.copyOf(list);
  }

  List<Identifier> names() {
    List<Identifier> list = new ArrayList<>();
    do {
      list.add(stream.columnName());
    } while (stream.accept(TokenKind.COMMA));
    return List.copyOf(list);
  }

  /** Names in parentheses. */
  List<Identifier> namesInParens() {
    stream.expect(TokenKind.LEFT_PAREN);
    List<Identifier> list = names();
    stream.expect(TokenKind.RIGHT_PAREN);
    return list;
  }

  /** Names in parentheses, or none. */
  List<Identifier> optionalNamesInParens() {
    return stream.at(TokenKind.LEFT_PAREN) ? namesInParens() : List.of();
  }
}
