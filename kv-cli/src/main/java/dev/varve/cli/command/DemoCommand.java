// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.BackupInfo;
import dev.varve.Cursor;
import dev.varve.Database;
import dev.varve.KeyRange;
import dev.varve.KeyValues;
import dev.varve.Rows;
import dev.varve.Transaction;
import dev.varve.VarveException;
import dev.varve.cli.Command;
import dev.varve.cli.Console;
import dev.varve.cli.table.FittedTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;

/** {@code varve demo}: a tour on a fresh database, with the JDK's own tables as data. */
final class DemoCommand implements Command {
  @Override
  public String name() {
    return "demo";
  }

  @Override
  public String summary() {
    return "a tour on a fresh database";
  }

  @Override
  public String synopsis() {
    return "varve demo";
  }

  @Override
  public List<String> examples() {
    return List.of("varve demo");
  }

  @Override
  public int run(CommandLine line, Console console) throws IOException {
    Arguments.words(line, 0, 0);
    Path home = Files.createTempDirectory("varve-demo");
    try {
      new Tour(home, console).run();
    } finally {
      try (Stream<Path> paths = Files.walk(home)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    return 0;
  }

  private static final class Tour {
    private final Path home;
    private final Console console;

    Tour(Path home, Console console) {
      this.home = home;
      this.console = console;
    }

    void run() throws IOException {
      Path path = home.resolve("world.varve");
      try (Database db = Database.open(path)) {
        keyValues(db);
        load(db);
        query(db);
        transaction(db);
        index(db);
        BackupInfo info = db.backup(home.resolve("backups"));
        step("A backup, online", "db.backup(Path.of(\"backups\"))");
        console.out().println("backup " + info.id() + ": " + info.files() + " files");
      }
      reopen(path);
      console.out().println();
      console.out().println("That was Varve. Now yours: varve sql my.varve");
    }

    private void keyValues(Database db) {
      step("Keys and values, sorted", "db.put(key, value); db.scan(KeyRange.prefix(p))");
      KeyValues zones = db.keyspace("zones");
      db.transact(
          tx -> {
            KeyValues inside = tx.keyspace("zones");
            for (String zone : ZoneId.getAvailableZoneIds()) {
              inside.put(bytes(zone), bytes(ZoneId.of(zone).getRules().toString()));
            }
            return null;
          });
      try (Cursor cursor = zones.scan(KeyRange.prefix(bytes("Europe/B")))) {
        while (cursor.next()) {
          console.out().println("  " + new String(cursor.key(), StandardCharsets.UTF_8));
        }
      }
    }

    private void load(Database db) {
      step(
          "Real data: the countries, currencies and languages the JDK knows",
          "db.execute(\"INSERT ..\")");
      db.execute("CREATE TABLE currency (code TEXT PRIMARY KEY, name TEXT NOT NULL, digits INT)");
      db.execute(
          "CREATE TABLE country (code TEXT PRIMARY KEY, name TEXT NOT NULL,"
              + " currency TEXT REFERENCES currency)");
      db.execute("CREATE TABLE speaks (country TEXT REFERENCES country, language TEXT)");
      long rows =
          db.transact(
              tx -> {
                long inserted = 0;
                for (Currency currency : Currency.getAvailableCurrencies()) {
                  inserted +=
                      tx.execute(
                          "INSERT INTO currency VALUES (?, ?, ?)",
                          currency.getCurrencyCode(),
                          currency.getDisplayName(Locale.ENGLISH),
                          currency.getDefaultFractionDigits());
                }
                for (String code : Locale.getISOCountries()) {
                  Locale country = new Locale.Builder().setRegion(code).build();
                  Currency currency = Currency.getInstance(country);
                  inserted +=
                      tx.execute(
                          "INSERT INTO country VALUES (?, ?, ?)",
                          code,
                          country.getDisplayCountry(Locale.ENGLISH),
                          currency == null ? null : currency.getCurrencyCode());
                }
                for (Locale locale : Locale.getAvailableLocales()) {
                  if (locale.getCountry().length() == 2 && locale.getVariant().isEmpty()) {
                    inserted +=
                        tx.execute(
                            "INSERT INTO speaks SELECT code, ? FROM country WHERE code = ?",
                            locale.getDisplayLanguage(Locale.ENGLISH),
                            locale.getCountry());
                  }
                }
                return inserted;
              });
      console.out().println(rows + " rows in one transaction");
    }

    private void query(Database db) {
      show(
          db,
          "Joins and groups",
          """
          SELECT u.name AS currency, count(DISTINCT c.code) AS countries, count(DISTINCT s.language) AS languages
          FROM country c JOIN currency u ON u.code = c.currency LEFT JOIN speaks s ON s.country = c.code
          GROUP BY u.name ORDER BY countries DESC, currency LIMIT 5""");
    }

    private void transaction(Database db) {
      step(
          "Two transactions want the same row: one is told, and tries again",
          "db.transact(tx -> tx.execute(\"UPDATE ..\"))");
      db.execute("CREATE TABLE counter (id INT PRIMARY KEY, hits INT)");
      db.execute("INSERT INTO counter VALUES (1, 0)");
      try (Transaction first = db.begin()) {
        first.execute("SELECT hits FROM counter WHERE id = 1");
        db.transact(tx -> tx.execute("UPDATE counter SET hits = hits + 1 WHERE id = 1"));
        first.execute("UPDATE counter SET hits = hits + 1 WHERE id = 1");
        first.commit();
      } catch (VarveException conflict) {
        console.out().println("conflict: " + conflict.sentence());
        console.out().println("retryable: " + conflict.isRetryable());
      }
      db.transact(tx -> tx.execute("UPDATE counter SET hits = hits + 1 WHERE id = 1"));
      show(db, "Both increments count", "SELECT hits FROM counter");
    }

    private void index(Database db) {
      step("An index, and the plan that uses it", "CREATE INDEX .. ; EXPLAIN ..");
      db.execute("CREATE INDEX by_language ON speaks (language)");
      show(db, null, "EXPLAIN SELECT country FROM speaks WHERE language = 'Portuguese'");
      show(
          db,
          "Where Portuguese is spoken",
          "SELECT DISTINCT c.name FROM speaks s JOIN country c ON c.code = s.country"
              + " WHERE s.language = 'Portuguese' ORDER BY c.name");
    }

    private void reopen(Path path) {
      long start = System.nanoTime();
      try (Database db = Database.open(path)) {
        double millis = (System.nanoTime() - start) / 1e6;
        step("Opened again, checked", "Database.open(path); db.verify(..)");
        console.out().printf(Locale.ROOT, "opened in %.1f ms%n", millis);
        List<String> faults = db.verify(console.progress("verify"));
        console.out().println(faults.isEmpty() ? "all is well" : faults.toString());
      }
    }

    private void show(Database db, @org.jspecify.annotations.Nullable String title, String sql) {
      if (title != null) {
        step(title, sql);
      }
      try (Rows rows = db.query(sql)) {
        new FittedTable(100, "").print(rows, console.out());
      }
    }

    private void step(String title, String code) {
      console.out().println();
      console.out().println("== " + title);
      code.lines().forEach(each -> console.out().println("   " + each));
      console.out().println();
    }

    private static byte[] bytes(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }
}
