// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

/** What a token is. */
enum TokenKind {
  /** A name that is no keyword, or was quoted; the value is the folded name. */
  IDENTIFIER,
  /** The value is a {@link Keyword}. */
  KEYWORD,
  /** The value is the unescaped text. */
  STRING,
  /** The value is the text as bits. */
  BIT_STRING,
  /** The value is a {@link Long}. */
  INTEGER,
  /** The value is a {@link java.math.BigDecimal}. */
  DECIMAL,
  /** {@code ?} without a value, or {@code $n} with its number. */
  PARAMETER,
  /** The value is the operator's text. */
  OPERATOR,
  LEFT_PAREN,
  RIGHT_PAREN,
  LEFT_BRACKET,
  RIGHT_BRACKET,
  COMMA,
  SEMICOLON,
  DOT,
  COLON,
  /** {@code ::} */
  CAST,
  /** {@code :=} */
  ASSIGN,
  /** {@code =>} */
  ARROW,
  END
}
