// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Database;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
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

  @Test
  void aDumpRestoresExactly() throws IOException {
    String db = scratch.resolve("db.varve").toString();
    String script =
        """
        CREATE SCHEMA "My schema";
        CREATE SEQUENCE numbers START 5 INCREMENT 2;
        CREATE TABLE a (id INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, s SERIAL,
          v VARCHAR(10) DEFAULT 'x''y' CHECK (length(v) > 0), n NUMERIC(10,2),
          g INT GENERATED ALWAYS AS (id * 2) STORED, q BIGINT DEFAULT nextval('numbers'));
        CREATE TABLE "My schema"."order" ("select" TEXT PRIMARY KEY, ts TIMESTAMPTZ, b BYTEA,
          d DOUBLE PRECISION, u UUID, i INTERVAL, "q""x" DATE, ok BOOLEAN);
        CREATE TABLE c (id INT REFERENCES a (id) ON DELETE CASCADE,
          o TEXT REFERENCES "My schema"."order", UNIQUE NULLS NOT DISTINCT (id, o));
        INSERT INTO a (n) VALUES (1), (2.5), (NULL);
        INSERT INTO "My schema"."order" VALUES
          ('a''\nb;', '2020-01-01 00:00:00.123456+02', '\\x00ff', 'NaN',
           'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '1 day 2 hours', 'infinity', true),
          ('', NULL, '\\x', 0.1, NULL, NULL, '0044-03-15 BC', false),
          ('e\\', NULL, NULL, '-Infinity', NULL, '-1 mon', NULL, NULL);
        INSERT INTO c VALUES (1, ''), (2, NULL);
        CREATE UNIQUE INDEX cx ON a (lower(v) DESC, n NULLS FIRST) WHERE n > 2;
        CREATE VIEW counts (x, y) AS SELECT id, count(*) FROM c GROUP BY id;
        """;
    assertEquals(0, run(script, "sql", db), this::errors);
    Path dump = scratch.resolve("dump.sql");
    assertEquals(0, run("", "export", db, "--format", "sql", "-o", dump.toString()), this::errors);
    assertEquals("8 rows\n", output());
    String copy = scratch.resolve("copy.varve").toString();
    assertEquals(0, run("", "sql", copy, "-f", dump.toString()), this::errors);
    assertEquals(0, run("", "export", copy, "--format", "sql"), this::errors);
    assertEquals(Files.readString(dump), output());
    run(
        "",
        "sql",
        copy,
        "--format",
        "csv",
        "-c",
        "INSERT INTO a (n) VALUES (9) RETURNING id, s, g");
    assertEquals("\"id\",\"s\",\"g\"\n\"4\",\"4\",\"8\"\n", output());
  }

  @Test
  void badRowsAreNamedByLineAndColumnAndCanBeImportedLater() throws IOException {
    String db = scratch.resolve("db.varve").toString();
    Path csv = scratch.resolve("p.csv");
    Files.writeString(
        csv, "id,name,born\n1,\"A\ni\",1815-12-10\nx,Bad,1900-01-01\n4,Bob\n5,\"d\"\"q\",never\n");
    run("", "sql", db, "-c", "CREATE TABLE p (id INT PRIMARY KEY, name TEXT, born DATE)");
    assertEquals(1, run("", "import", db, "p", csv.toString()));
    assertTrue(errors().contains("Column 'id'"), errors());
    assertTrue(errors().contains("line=4"), errors());
    run("", "sql", db, "--format", "csv", "-c", "SELECT count(*) AS n FROM p");
    assertEquals("\"n\"\n\"0\"\n", output());
    String bad = scratch.resolve("bad.csv").toString();
    assertEquals(
        1, run("", "import", db, "p", csv.toString(), "--on-error", "skip", "--bad-rows", bad));
    assertEquals("1 rows imported, 3 skipped\n", output());
    assertTrue(errors().contains("line 6: Column 'born'"), errors());
    assertEquals(
        "\"id\",\"name\",\"born\"\n\"x\",\"Bad\",\"1900-01-01\"\n\"4\",\"Bob\"\n\"5\",\"d\"\"q\",\"never\"\n",
        Files.readString(Path.of(bad)));
  }

  @Test
  void aFailedImportLeavesNoTableBehind() throws IOException {
    String db = scratch.resolve("db.varve").toString();
    Path json = scratch.resolve("n.jsonl");
    Files.writeString(json, "{\"id\":1,\"tags\":[\"a\",{\"b\":2}]}\nnot json\n{\"id\":2}\n");
    assertEquals(1, run("", "import", db, "n", json.toString()));
    assertEquals(1, errors().lines().count(), errors());
    assertEquals(1, run("", "export", db, "n"));
    assertEquals(1, run("", "import", db, "n", json.toString(), "--on-error", "skip"));
    run("", "export", db, "n");
    assertEquals("\"id\",\"tags\"\n\"1\",\"[\"\"a\"\",{\"\"b\"\":2}]\"\n\"2\",\n", output());
  }

  @Test
  void readsBesideAWriterAndDoesNotWriteBesideIt() {
    String db = scratch.resolve("db.varve").toString();
    assertEquals(0, run("", "put", db, "a", "1"));
    String backups = scratch.resolve("backups").toString();
    assertEquals(0, run("", "backup", db, backups, "--limit", "100"));
    try (Database open = Database.open(Path.of(db))) {
      open.put(new byte[] {'b'}, new byte[] {'2'});
      String[][] reading = {
        {"get", db, "b"},
        {"scan", db},
        {"stats", db},
        {"verify", db},
        {"inspect", db},
        {"inspect", db, "wal"},
        {"inspect", db, "memtable"},
        {"inspect", db, "keyspaces"},
        {"inspect", db, "key", "b"},
        {"sql", db, "--read-only", "-c", "SELECT 1"}
      };
      for (String[] each : reading) {
        assertEquals(0, run("", each), () -> String.join(" ", each) + ": " + errors());
      }
      String[][] writing = {
        {"put", db, "a", "2"},
        {"delete", db, "a"},
        {"compact", db},
        {"backup", db, backups},
        {"restore", backups, db, "--force"}
      };
      for (String[] each : writing) {
        assertEquals(1, run("", each), () -> String.join(" ", each));
        assertEquals(1, errors().lines().count(), errors());
      }
    }
    assertEquals(0, run("", "restore", backups, db, "--force"), errors());
    assertEquals(1, run("", "get", db, "b"));
    assertEquals(0, run("", "get", db, "a"));
  }

  @Test
  void whatIsNoDatabaseIsLeftAlone() throws IOException {
    Path file = Files.writeString(scratch.resolve("file"), "x");
    Path directory = Files.createDirectory(scratch.resolve("directory"));
    Files.writeString(directory.resolve("notes.txt"), "x");
    String absent = scratch.resolve("absent").toString();
    for (String path : List.of(file.toString(), directory.toString(), absent)) {
      String[][] all = {
        {"get", path, "a"},
        {"stats", path},
        {"verify", path},
        {"compact", path},
        {"inspect", path},
        {"inspect", path, "wal"},
        {"inspect", path, "sst", "000001.sst"},
        {"backup", path, scratch.resolve("backups").toString()},
        {"backup", "list", path},
        {"salvage", path, scratch.resolve("salvaged").toString()},
        {"export", path, "t"}
      };
      for (String[] each : all) {
        boolean emptyList = each[1].equals("list") && path.equals(directory.toString());
        assertEquals(emptyList ? 0 : 1, run("", each), () -> String.join(" ", each));
        assertEquals(emptyList ? 0 : 1, errors().lines().count(), errors());
      }
    }
    assertEquals(2, run("", "sql", absent, "--format", "xml"));
    assertEquals(1, run("", "sql", absent, "-f", scratch.resolve("no.sql").toString()));
    try (Stream<Path> left = Files.list(scratch)) {
      assertEquals(
          List.of("directory", "file"),
          left.map(p -> p.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void everyByteOfATableIsAnnotated() throws IOException {
    Path db = scratch.resolve("db.varve");
    for (int i = 0; i < 40; i++) {
      run("", "put", db.toString(), "key-" + i, "value-" + i * 1_000_003L);
    }
    assertEquals(0, run("", "compact", db.toString()));
    Path table;
    try (Stream<Path> files = Files.list(db)) {
      table = files.filter(f -> f.toString().endsWith(".sst")).findFirst().orElseThrow();
    }
    String name = table.getFileName().toString();
    assertEquals(0, run("", "inspect", db.toString(), "sst", name, "--hex", "--limit", "99999"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String line : output().lines().filter(each -> !each.startsWith("--")).toList()) {
      assertEquals(bytes.size(), Integer.parseInt(line.substring(0, 8), 16), line);
      bytes.write(HexFormat.of().parseHex(line.substring(10, 57).replace(" ", "")));
    }
    assertArrayEquals(Files.readAllBytes(table), bytes.toByteArray());
    assertTrue(output().contains("-- data block"), output());
    assertTrue(output().contains("-- properties"), output());
  }

  @Test
  void aNewerFormatIsRefusedAndUntouched() throws IOException {
    Path db = scratch.resolve("db.varve");
    run("", "put", db.toString(), "a", "1");
    Path identity = db.resolve("IDENTITY");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(identity));
    bytes.putInt(8, 99);
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 0, 28);
    bytes.putInt(28, (int) crc.getValue());
    Files.write(identity, bytes.array());
    byte[] manifest = Files.readAllBytes(db.resolve("MANIFEST"));
    for (String verb : List.of("get", "delete")) {
      assertEquals(1, run("", verb, db.toString(), "a"));
      assertTrue(errors().contains("99"), errors());
      assertEquals(1, errors().lines().count(), errors());
    }
    assertArrayEquals(manifest, Files.readAllBytes(db.resolve("MANIFEST")));
  }

  @Test
  void backslashCommandsWorkInAScript() {
    String db = scratch.resolve("db.varve").toString();
    run(
        "",
        "sql",
        db,
        "-c",
        "CREATE TABLE t (id INT PRIMARY KEY, n TEXT); CREATE INDEX tn ON t (n DESC)");
    assertEquals(
        0, run("\\d\n\\dt\n\\di\n\\d t\n\\x\nSELECT 1 AS one;\n\\q\n", "sql", db), errors());
    assertTrue(output().contains("n DESC"), output());
    assertTrue(output().contains("Expanded display is on."), output());
    assertEquals(1, run("\\nonsense\n", "sql", db));
    assertEquals(1, run("\\i nowhere.sql\n", "sql", db));
    assertEquals(1, run("\\d nowhere\n", "sql", db));
    assertEquals(1, errors().lines().count(), errors());
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
