// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VarveTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir Path scratch;

  @Test
  void namesTheNearestVerb() {
    assertEquals(2, run("", "stat"));
    assertTrue(errors().contains("did you mean 'stats'?"), errors());
  }

  @Test
  void namesTheNearestOption() {
    assertEquals(2, run("", "scan", "db", "--limmit=3"));
    assertTrue(errors().contains("did you mean '--limit'?"), errors());
  }

  @Test
  void saysHowAVerbIsUsed() {
    assertEquals(2, run("", "get", "db"));
    assertEquals(1, errors().lines().count());
    assertTrue(errors().contains("Usage: varve get DB KEY"), errors());
  }

  @Test
  void helpCoversEveryVerb() {
    assertEquals(0, run("", "help"));
    String all = output();
    for (Command command : dev.varve.cli.command.Verbs.all()) {
      assertTrue(all.contains(command.name()), command.name());
      assertEquals(0, run("", "help", command.name()));
      assertEquals(0, run("", command.name(), "--help"));
    }
  }

  @Test
  void aMissingDatabaseIsOneLine() {
    assertEquals(1, run("", "get", scratch.resolve("absent.varve").toString(), "key"));
    assertEquals(1, errors().lines().count());
  }

  @Test
  void putsGetsScansAndDeletes() {
    String db = scratch.resolve("db.varve").toString();
    assertEquals(0, run("", "put", db, "a", "1"));
    assertEquals(0, run("", "put", db, "b", "2"));
    assertEquals(0, run("", "get", db, "a"));
    assertEquals("1\n", output());
    assertEquals(0, run("", "scan", db));
    assertEquals("a\t1\nb\t2\n", output());
    assertEquals(0, run("", "scan", db, "--reverse", "--limit", "1", "--hex"));
    assertEquals("0x62\t0x32\n", output());
    assertEquals(0, run("", "delete", db, "a"));
    assertEquals(1, run("", "get", db, "a"));
    assertEquals(0, run("", "verify", db));
    assertEquals(0, run("", "stats", db));
  }

  @Test
  void runsSqlFromAPipeAndStopsAtAnError() {
    String db = scratch.resolve("db.varve").toString();
    String script =
        """
        CREATE TABLE t (id INT PRIMARY KEY, name TEXT);
        INSERT INTO t VALUES (1, 'a;b'), (2, NULL);
        SELECT * FROM t ORDER BY id;
        """;
    assertEquals(0, run(script, "sql", db, "--format", "csv"));
    assertTrue(output().endsWith("\"id\",\"name\"\n\"1\",\"a;b\"\n\"2\",\n"), output());
    assertEquals(1, run("SELECT 1;\nSELECT nonsense;\nSELECT 2;", "sql", db));
    assertTrue(errors().startsWith("varve: line 2:"), errors());
  }

  @Test
  void importsWhatItExported() {
    String db = scratch.resolve("db.varve").toString();
    run("", "sql", db, "-c", "CREATE TABLE t (id INT, name TEXT, price NUMERIC(8,2), ok BOOLEAN)");
    run(
        "",
        "sql",
        db,
        "-c",
        "INSERT INTO t VALUES (1, 'plain', 1.50, true), (2, '', NULL, false), (3, NULL, -7, NULL)");
    for (String format : new String[] {"csv", "json"}) {
      String file = scratch.resolve("t." + format).toString();
      assertEquals(0, run("", "export", db, "t", "--format", format, "-o", file), errors());
      assertEquals(0, run("", "import", db, "copy_" + format, file), errors());
      run("", "sql", db, "--format", "csv", "-c", "SELECT * FROM t ORDER BY id");
      String original = output();
      run("", "sql", db, "--format", "csv", "-c", "SELECT * FROM copy_" + format + " ORDER BY id");
      assertEquals(original, output());
    }
  }

  private int run(String input, String... args) {
    out.reset();
    err.reset();
    Console console =
        new Console(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    return Varve.run(args, console);
  }

  private String output() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
