// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.slt;

import java.util.ArrayList;
import java.util.List;

/**
 * One record of a sqllogictest script.
 *
 * @param line of its {@code statement} or {@code query}, from 1
 * @param expectError for a statement, whether it must fail
 * @param sqlState of the failure, or empty
 * @param types a letter a column; empty for a statement
 * @param sort nosort, rowsort or valuesort
 * @param expected the values, one a line, or the line with their hash
 */
record SltRecord(
    int line,
    boolean isQuery,
    boolean expectError,
    String sqlState,
    String types,
    String sort,
    String label,
    String sql,
    List<String> expected,
    int hashThreshold) {

  /** The records of a script that are for the engine {@code engine}. */
  static List<SltRecord> parse(String text, String engine) {
    String[] lines = text.replace("\r\n", "\n").split("\n", -1);
    List<SltRecord> records = new ArrayList<>();
    int threshold = 0;
    boolean skip = false;
    int i = 0;
    while (i < lines.length) {
      String line = lines[i];
      String[] words = line.trim().split("\\s+");
      switch (words[0]) {
        case "hash-threshold" -> threshold = Integer.parseInt(words[1]);
        case "skipif" -> skip |= words[1].equals(engine);
        case "onlyif" -> skip |= !words[1].equals(engine);
        case "halt" -> {
          if (!skip) {
            return records;
          }
          skip = false;
        }
        case "statement", "query" -> {
          int start = i;
          List<String> sql = new ArrayList<>();
          List<String> expected = new ArrayList<>();
          boolean results = false;
          for (i++; i < lines.length && !lines[i].isEmpty(); i++) {
            if (!results && lines[i].equals("----")) {
              results = true;
            } else {
              (results ? expected : sql).add(lines[i]);
            }
          }
          if (!skip) {
            records.add(record(start, words, String.join("\n", sql), expected, threshold));
          }
          skip = false;
        }
        default -> {}
      }
      i++;
    }
    return records;
  }

  private static SltRecord record(
      int start, String[] words, String sql, List<String> expected, int threshold) {
    boolean isQuery = words[0].equals("query");
    boolean error = !isQuery && words[1].equals("error");
    String state = error && words.length > 2 ? words[2] : "";
    String types = isQuery && words.length > 1 ? words[1] : "";
    String sort = isQuery && words.length > 2 ? words[2] : "nosort";
    String label = isQuery && words.length > 3 ? words[3] : "";
    return new SltRecord(
        start + 1, isQuery, error, state, types, sort, label, sql, expected, threshold);
  }
}
