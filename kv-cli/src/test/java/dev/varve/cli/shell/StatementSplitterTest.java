// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StatementSplitterTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1;",
        "SELECT ';';",
        "SELECT 'it''s; fine';",
        "SELECT E'\\';';",
        "SELECT \"a;b\";",
        "SELECT $$a;b$$;",
        "SELECT $tag$a;$$;b$tag$;",
        "SELECT /* ; /* ; */ ; */ 1;",
        "SELECT 1 -- ;\n;",
        "SELECT $1;",
      })
  void findsTheSemicolonThatEndsTheStatement(String statement) {
    assertEquals(statement.length(), StatementSplitter.end(statement + " SELECT 2;"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"SELECT 1", "SELECT 'a;", "SELECT \"a;", "SELECT $$a;", "SELECT /* ;", "-- ;"})
  void waitsForTheRestOfAnOpenStatement(String statement) {
    assertEquals(-1, StatementSplitter.end(statement));
  }

  @Test
  void commentsAndSpaceAreBlank() {
    assertTrue(StatementSplitter.isBlank(""));
    assertTrue(StatementSplitter.isBlank(" \n -- note\n /* more; */ "));
    assertTrue(StatementSplitter.isBlank("-- open"));
    assertFalse(StatementSplitter.isBlank(" - "));
    assertFalse(StatementSplitter.isBlank("SELECT 1"));
    assertFalse(StatementSplitter.isBlank(";"));
  }
}
