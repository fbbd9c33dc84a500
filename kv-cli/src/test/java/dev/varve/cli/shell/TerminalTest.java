// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.cli.Varve;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shell in a pseudo-terminal that tmux provides, typed at and looked at. */
final class TerminalTest {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

  @TempDir Path home;
  private String socket = "";

  @BeforeEach
  void openShell() throws IOException {
    assumeTrue(isThere("tmux"), "tmux is not installed");
    socket = home.resolve("tmux.socket").toString();
    start();
  }

  @AfterEach
  void closeShell() throws IOException {
    if (!socket.isEmpty()) {
      tmux("kill-server");
    }
  }

  @Test
  void typesStatementsAndSeesWhatTheyGive() throws IOException {
    type("CREATE TABLE customers");
    await("\n        ->\n");
    type("(id INT PRIMARY KEY,");
    type("full_name TEXT);");
    await("\nCREATE TABLE\n");
    awaitPrompt();
    type("INSERT INTO customers VALUES (1, 'Ada');");
    await("INSERT 1");
    awaitPrompt();
    typeOnly("SELECT full_n");
    key("Tab");
    await("SELECT full_name");
    typeOnly("FROM custo");
    key("Tab");
    await("SELECT full_name FROM customers");
    type(";");
    await(" Ada\n(1 row)");
    typeOnly("SELECT upp");
    key("Tab");
    await("SELECT upper(");
    type("'wide');");
    await(" WIDE\n(1 row)");
    key("Up");
    await("=> SELECT upper('wide');\n", 2);
    key("Enter");
    await(" WIDE\n(1 row)", 2);
  }

  @Test
  void showsTheStateOfTheTransactionAndWhereAnErrorIs() throws IOException {
    type("BEGIN;");
    await("db.varve*=>");
    type("SELECT 1,");
    type("       nope;");
    await("LINE 2:        nope;\n               ^");
    await("db.varve!=>");
    type("ROLLBACK;");
    await("db.varve=>", 2);
  }

  @Test
  void obeysBackslashCommands() throws IOException {
    type("CREATE TABLE t (id INT PRIMARY KEY, n TEXT);");
    await("\nCREATE TABLE\n");
    awaitPrompt();
    type("\\d");
    await("BASE TABLE");
    type("\\d t");
    await("t_pkey");
    type("\\di");
    await("t_pkey", 2);
    type("\\timing");
    await("Timing is on.");
    type("\\x");
    await("Expanded display is on.");
    type("SELECT 7 AS lucky;");
    await("lucky | 7");
    await("Time: ");
    type("\\nonsense");
    await("is no command");
    type("\\q");
    awaitEnd();
    start();
    key("Up");
    await("\\q");
    key("Up");
    await("\\nonsense");
  }

  @Test
  void controlCStopsAStatementAndForgetsALine() throws IOException {
    typeOnly("SELECT unfinished");
    await("SELECT unfinished");
    key("C-c");
    await("db.varve=>", 2);
    awaitPrompt();
    type("SELECT 6 * 7 AS answer;");
    await(" 42\n(1 row)");
    type(
        "SELECT count(*) FROM generate_series(1, 2000000) a(x), generate_series(1, 2000000) b(y)"
            + " WHERE x * y % 7 = 3;");
    await("= 3;");
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!screen().contains("ERROR: ")) {
      assertTrue(System.nanoTime() < deadline, this::screen);
      key("C-c");
      LockSupport.parkNanos(POLL_NANOS);
    }
    awaitPrompt();
    type("SELECT 'still ' || 'there' AS word;");
    await(" still there\n(1 row)");
  }

  private void start() throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command = new ArrayList<>();
    command.addAll(List.of("-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "60"));
    command.addAll(List.of("env", "-u", "JAVA_TOOL_OPTIONS", "HOME=" + home, java.toString()));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(Varve.class.getName(), "sql", home.resolve("db.varve").toString()));
    tmux(command.toArray(String[]::new));
    await("db.varve=>");
  }

  private void type(String line) throws IOException {
    typeOnly(line);
    key("Enter");
  }

  /** As bytes, for tmux takes a semicolon as its own. */
  private void typeOnly(String text) throws IOException {
    List<String> keys = new ArrayList<>(List.of("send-keys", "-H"));
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      keys.add(Integer.toHexString(each & 0xff));
    }
    tmux(keys.toArray(String[]::new));
  }

  private void key(String name) throws IOException {
    tmux("send-keys", name);
  }

  private String screen() {
    try {
      return tmux("capture-pane", "-p")
          .lines()
          .map(String::stripTrailing)
          .reduce("", (all, line) -> all + line + "\n");
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  private void await(String text) {
    await(text, 1);
  }

  /** Waits until {@code text} is on the screen so many times. */
  private void await(String text, int times) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (occurrences(screen(), text) < times) {
      if (System.nanoTime() > deadline) {
        fail("'" + text + "' did not appear " + times + " time(s) in:\n" + screen());
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    if (text.endsWith("row)") || text.startsWith("ERROR")) {
      awaitPrompt();
    }
  }

  /** Waits until the shell reads a line again: what is typed before may be lost. */
  private void awaitPrompt() {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!screen().stripTrailing().endsWith("=>")) {
      if (System.nanoTime() > deadline) {
        fail("no prompt in:\n" + screen());
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private void awaitEnd() throws IOException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (tmux("list-sessions").contains("windows")) {
      assertTrue(System.nanoTime() < deadline, this::screen);
      LockSupport.parkNanos(POLL_NANOS);
    }
    assertEquals(true, Files.exists(home.resolve(".varve_history")));
  }

  private static int occurrences(String text, String part) {
    int count = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
      count++;
    }
    return count;
  }

  private static boolean isThere(String program) throws IOException {
    try {
      new ProcessBuilder(program, "-V")
          .redirectErrorStream(true)
          .start()
          .getInputStream()
          .readAllBytes();
      return true;
    } catch (IOException absent) {
      return false;
    }
  }

  private String tmux(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("tmux", "-S", socket));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
