// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.slt;

import dev.varve.ErrorCode;
import dev.varve.IsolationLevel;
import dev.varve.Result;
import dev.varve.Session;
import dev.varve.VarveException;
import dev.varve.core.store.ReferenceStore;
import dev.varve.query.session.SqlEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs sqllogictest scripts, each on a database of its own. */
final class SltRunner {
  /** The engine whose records are run. */
  static final String ENGINE = "postgresql";

  private static final long WORK_MEMORY_BYTES = 16L << 20;

  private final Path root;
  private final Set<String> exempt;
  private int passed;
  private int exempted;
  private final List<Failure> failures = new ArrayList<>();

  /** A record that did not do what it must. */
  record Failure(String script, int line, String sql, String reason, boolean internal) {
    @Override
    public String toString() {
      return script + ":" + line + ": " + reason + "\n    " + sql.replace("\n", "\n    ");
    }
  }

  /** Runs scripts below {@code root}; records in {@code exempt} (script:line) may fail. */
  SltRunner(Path root, Set<String> exempt) {
    this.root = root;
    this.exempt = exempt;
  }

  int passed() {
    return passed;
  }

  int exempted() {
    return exempted;
  }

  List<Failure> failures() {
    return failures;
  }

  /** Runs a script on an empty database. */
  void run(Path script) throws IOException {
    String text = Files.readString(script, StandardCharsets.UTF_8);
    String name = root.relativize(script).toString();
    Map<String, String> labels = new HashMap<>();
    try (ReferenceStore store = new ReferenceStore();
        SqlEngine engine = new SqlEngine(store, IsolationLevel.READ_COMMITTED, WORK_MEMORY_BYTES);
        Session session = engine.session()) {
      session.statementTimeout(Duration.ofSeconds(60));
      for (SltRecord record : SltRecord.parse(text, ENGINE)) {
        String problem = problem(session, record, labels);
        if (problem == null) {
          passed++;
        } else if (exempt.contains(name + ":" + record.line())) {
          exempted++;
        } else {
          failures.add(
              new Failure(
                  name, record.line(), record.sql(), problem, problem.startsWith("internal")));
        }
      }
    }
  }

  private static String problem(Session session, SltRecord record, Map<String, String> labels) {
    try (Result result = session.run(record.sql())) {
      if (record.isQuery()) {
        return compare(result, record, labels);
      }
      if (result.rows() != null) {
        result.rows().forEach(row -> {});
      }
      return record.expectError() ? "succeeded, expected error " + record.sqlState() : null;
    } catch (VarveException e) {
      if (record.expectError()
          && (record.sqlState().isEmpty() || record.sqlState().equals(e.sqlState()))) {
        return null;
      }
      String kind = e.code() == ErrorCode.INTERNAL ? "internal error " : "error ";
      String expected = record.expectError() ? ", expected " + record.sqlState() : "";
      return kind + e.sqlState() + ": " + e.sentence() + expected;
    } catch (RuntimeException | Error e) {
      StackTraceElement[] trace = e.getStackTrace();
      return "internal failure " + e + (trace.length == 0 ? "" : " at " + trace[0]);
    }
  }

  private static String compare(Result result, SltRecord record, Map<String, String> labels) {
    if (result.rows() == null) {
      return "returned no rows: " + result.command();
    }
    int width = result.rows().columns().size();
    if (width != record.types().length()) {
      return "returned " + width + " columns, expected " + record.types().length();
    }
    List<String> values = SltResult.read(result.rows(), record.types()).values(record.sort());
    String hash = SltResult.hash(values);
    if (!record.label().isEmpty()) {
      String before = labels.putIfAbsent(record.label(), hash);
      if (before != null && !before.equals(hash)) {
        return "differs from the other queries labelled " + record.label();
      }
    }
    List<String> expected = record.expected();
    boolean hashed =
        expected.size() == 1 && expected.get(0).matches("\\d+ values hashing to [0-9a-f]{32}");
    if (hashed ? expected.get(0).equals(hash) : expected.equals(values)) {
      return null;
    }
    return "returned " + shown(hashed ? List.of(hash) : values) + ", expected " + shown(expected);
  }

  private static String shown(List<String> values) {
    return values.size() <= 20 ? values.toString() : values.subList(0, 20) + "...";
  }
}
