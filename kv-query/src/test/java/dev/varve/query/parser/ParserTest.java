// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.query.ast.Expression;
import dev.varve.query.ast.QueryBody;
import dev.varve.query.ast.Statement;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParserTest {
  private static Expression expression(String sql) {
    return Parser.parseExpression(sql);
  }

  private static VarveException error(String sql) {
    return assertThrows(VarveException.class, () -> Parser.parse(sql));
  }

  @Test
  void precedenceIsPostgres() {
    assertEquals(expression("(a OR (b AND c))"), expression("a OR b AND c"));
    assertEquals(expression("((-2) ^ 2)"), expression("-2 ^ 2"));
    assertEquals(expression("NOT (a = b)"), expression("NOT a = b"));
    assertEquals(expression("(a || b) = c"), expression("a || b = c"));
    assertEquals(expression("(a + (b * c)) < d"), expression("a + b * c < d"));
    assertEquals(expression("(a = b) IS NULL"), expression("a = b IS NULL"));
    assertEquals(
        expression("a BETWEEN (b + 1) AND c AND d"), expression("(a BETWEEN b + 1 AND c) AND d"));
    assertEquals(expression("-(a::int)"), expression("-a::int"));
  }

  @Test
  void literalsOfEverySpellingAreRead() {
    assertEquals("a'b", string("'a''b'"));
    assertEquals("ab", string("'a'\n  'b'"));
    assertEquals("\t\u00e9A", string("E'\\t\\xc3\\xa9\\u0041'"));
    assertEquals("it's $1", string("$$it's $1$$"));
    assertEquals("a$$b", string("$x$a$$b$x$"));
    assertEquals("d\u0061t\u0061", string("U&'d\\0061t\\+000061'"));
    assertEquals(new Expression.BitStringLiteral("00011111", null), bits("X'1F'"));
    assertEquals(255L, ((Expression.IntegerLiteral) expression("0xFF")).value());
    assertEquals(1_000L, ((Expression.IntegerLiteral) expression("1_000")).value());
    assertEquals(
        Long.MIN_VALUE, ((Expression.IntegerLiteral) expression("-9223372036854775808")).value());
    assertEquals(expression("a /* x /* y */ z */ + -- end\n 1"), expression("a + 1"));
  }

  private static String string(String sql) {
    return assertInstanceOf(Expression.StringLiteral.class, expression(sql)).value();
  }

  private static Expression bits(String sql) {
    return new Expression.BitStringLiteral(
        ((Expression.BitStringLiteral) expression(sql)).bits(), null);
  }

  @Test
  void errorsPointAtTheirPlaceAndSuggest() {
    VarveException e = error("SELECT a FORM t");
    assertEquals("42601", e.sqlState());
    assertEquals(15, e.position());
    assertTrue(String.valueOf(e.hint()).contains("FROM"));
    assertTrue(String.valueOf(e.getMessage()).contains("\nLINE 1: SELECT a FORM t\n"));
    assertEquals(0, "syntax error at end of input".compareTo(error("SELECT (1").sentence()));
    assertTrue(String.valueOf(error("SELCT 1").hint()).contains("SELECT"));
  }

  @Test
  void longChainsAreFlat() {
    int terms = 10_000;
    Expression or = expression(String.join(" OR ", Collections.nCopies(terms, "a = 1")));
    assertEquals(terms, ((Expression.Or) or).terms().size());
    Expression sum = expression(String.join(" + ", Collections.nCopies(terms, "1")));
    assertEquals(terms - 1, ((Expression.OperatorChain) sum).rest().size());
    Expression in = expression("a IN (" + String.join(",", Collections.nCopies(terms, "1")) + ")");
    assertEquals(terms, ((Expression.InList) in).values().size());
    List<ParsedStatement> union =
        Parser.parse(String.join(" UNION ALL ", Collections.nCopies(terms, "SELECT 1")));
    Statement.QueryStatement query = (Statement.QueryStatement) union.get(0).statement();
    assertEquals(terms, ((QueryBody.SetOperation) query.query().body()).inputs().size());
  }

  @Test
  void deepNestingIsAnErrorAndNoOverflow() {
    for (String text :
        List.of(
            "(".repeat(100_000) + "1" + ")".repeat(100_000),
            "NOT ".repeat(100_000) + "true",
            "- ".repeat(100_000) + "1",
            "1" + "::int".repeat(100_000),
            "a" + "[1]".repeat(100_000),
            "CASE WHEN ".repeat(10_000) + "1",
            "f(".repeat(100_000))) {
      VarveException e = assertThrows(VarveException.class, () -> Parser.parseExpression(text));
      assertEquals(ErrorCode.STATEMENT_TOO_COMPLEX, e.code(), text.substring(0, 10));
    }
    assertEquals(
        ErrorCode.STATEMENT_TOO_COMPLEX,
        error("SELECT * FROM " + "(SELECT * FROM ".repeat(5_000) + "t").code());
    assertEquals(
        ErrorCode.STATEMENT_TOO_COMPLEX,
        error("SELECT * FROM a" + " JOIN b ON true".repeat(5_000)).code());
  }

  @Test
  void aStatementOfAMegabyteIsRead() {
    String sql = "INSERT INTO t VALUES ('" + "x".repeat(1 << 20) + "')";
    assertEquals(1, Parser.parse(sql).size());
    String many =
        "INSERT INTO t VALUES " + String.join(",", Collections.nCopies(100_000, "(1,'a')"));
    assertEquals(1, Parser.parse(many).size());
  }

  @Test
  void parametersAreCounted() {
    assertEquals(3, Parser.parseOne("SELECT ? + ?, ?").parameterCount());
    assertEquals(7, Parser.parseOne("SELECT $7, $2").parameterCount());
    assertEquals("42601", error("SELECT ?, $1").sqlState());
    assertEquals("42P02", error("SELECT $0").sqlState());
  }

  @Test
  void clausesBehindParenthesesJoinThoseInside() {
    assertEquals(
        Parser.parseQuery("SELECT a FROM t ORDER BY a LIMIT 3"),
        Parser.parseQuery("(SELECT a FROM t LIMIT 3) ORDER BY a"));
    assertEquals("42601", error("(SELECT a FROM t LIMIT 3) LIMIT 1").sqlState());
  }
}
