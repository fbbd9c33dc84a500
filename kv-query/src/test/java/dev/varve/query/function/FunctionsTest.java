// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.function;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.VarveException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs functions.txt: an expression, a tab, and what PostgreSQL 15 answers, or its SQLSTATE. */
class FunctionsTest {
  @TestFactory
  List<DynamicTest> functionsAnswerAsPostgreSqlDoes() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                FunctionsTest.class.getResourceAsStream("functions.txt"),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int tab = line.lastIndexOf('\t');
        if (tab > 0) {
          String expression = line.substring(0, tab);
          String expected = line.substring(tab + 1);
          tests.add(
              DynamicTest.dynamicTest(
                  expression, () -> assertEquals(expected, answer(expression))));
        }
      }
    }
    return tests;
  }

  private static String answer(String expression) {
    try {
      return Scripted.evaluate(expression);
    } catch (VarveException e) {
      return "ERROR " + e.sqlState();
    }
  }
}
