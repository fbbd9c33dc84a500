// SPDX-License-Identifier: Apache-2.0
import dev.varve.Database;
import dev.varve.Row;
import dev.varve.Rows;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A program that embeds Varve, as a newcomer would write it; CI asserts that its stderr is empty. */
public final class Hello {
  private Hello() {}

  public static void main(String[] args) throws Exception {
    Path home = Files.createTempDirectory("varve-hello");
    try {
      for (int run = 1; run <= 2; run++) {
        try (Database db = Database.open(home.resolve("hello.varve"))) {
          byte[] key = "greeting".getBytes(StandardCharsets.UTF_8);
          db.put(key, ("hello " + run).getBytes(StandardCharsets.UTF_8));
          System.out.println(new String(db.get(key), StandardCharsets.UTF_8));
          db.execute("CREATE TABLE IF NOT EXISTS visits (id INT PRIMARY KEY, name TEXT)");
          db.execute("INSERT INTO visits VALUES (?, ?)", run, "visitor " + run);
          try (Rows rows = db.query("SELECT id, name FROM visits ORDER BY id")) {
            for (Row row : rows) {
              System.out.println(row.getInt("id") + " " + row.getString("name"));
            }
          }
          db.flush();
          db.compact();
        }
      }
    } finally {
      try (Stream<Path> files = Files.walk(home)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
