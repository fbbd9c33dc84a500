// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.shell;

import dev.varve.Row;
import dev.varve.Rows;
import dev.varve.VarveException;
import dev.varve.cli.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.reader.Candidate;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Reads statements from a terminal: several lines, history, completion, highlighting. */
public final class InteractiveShell {
  private static final Pattern TOKEN =
      Pattern.compile("'(?:[^']|'')*'?|--[^\n]*|\\b\\d+(?:\\.\\d+)?\\b|\\b[A-Za-z_]+\\b");
  private static final Set<String> KEYWORD_WORDS =
      Set.copyOf(
          SqlWords.KEYWORDS.stream()
              .flatMap(k -> List.of(k.split(" ")).stream())
              .distinct()
              .toList());

  private final ShellState state;
  private final Terminal terminal;
  private final LineReader reader;

  private InteractiveShell(ShellState state, Terminal terminal) {
    this.state = state;
    this.terminal = terminal;
    this.reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .parser(new StatementParser())
            .completer((lineReader, line, candidates) -> complete(line, candidates))
            .highlighter(new SqlHighlighter())
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "%P    -> ")
            .variable(LineReader.HISTORY_FILE, home().resolve(".varve_history"))
            .variable(LineReader.ERRORS, 0)
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
  }

  /** Runs until the user leaves; returns the exit code. */
  public static int run(ShellState state, Path database) throws IOException {
    // A handler from the beginning: between two lines, too, Ctrl-C must not end the process.
    try (Terminal terminal =
        TerminalBuilder.builder()
            .system(true)
            .provider("exec")
            .nativeSignals(true)
            .signalHandler(Terminal.SignalHandler.SIG_IGN)
            .build()) {
      terminal.handle(Terminal.Signal.INT, signal -> state.session().cancel());
      terminal.writer().println("Varve SQL. \\? for help, \\q to leave.");
      new InteractiveShell(state, terminal).loop(database.getFileName().toString());
      return 0;
    }
  }

  private static Path home() {
    String home = System.getenv("HOME");
    return Path.of(home == null || home.isBlank() ? System.getProperty("user.home") : home);
  }

  private void loop(String name) throws IOException {
    while (!state.isQuitting()) {
      String line;
      try {
        line = reader.readLine(prompt(name));
      } catch (UserInterruptException discarded) {
        continue;
      } catch (EndOfFileException end) {
        return;
      }
      state.width(terminal.getWidth() > 0 ? terminal.getWidth() : 80);
      runLine(line);
    }
  }

  private void runLine(String line) throws IOException {
    try {
      if (line.startsWith("\\")) {
        state.backslash(line);
        return;
      }
      StringBuilder rest = new StringBuilder(line);
      for (int end; (end = StatementSplitter.end(rest)) >= 0; rest.delete(0, end)) {
        state.execute(rest.substring(0, end).strip());
      }
    } catch (VarveException | UsageException failure) {
      AttributedString text =
          new AttributedString(
              "ERROR: " + failure.getMessage(),
              AttributedStyle.DEFAULT.foreground(AttributedStyle.RED));
      terminal.writer().println(text.toAnsi(terminal));
      terminal.flush();
    }
  }

  /** As psql does: {@code *} inside a transaction block, {@code !} when it has failed. */
  private String prompt(String name) {
    return name
        + switch (state.session().status()) {
          case IDLE -> "=> ";
          case IN_TRANSACTION -> "*=> ";
          case FAILED -> "!=> ";
        };
  }

  private void complete(ParsedLine line, List<Candidate> candidates) {
    boolean upper = line.word().chars().noneMatch(Character::isLowerCase);
    Set<String> words = new TreeSet<>();
    SqlWords.KEYWORDS.forEach(
        keyword -> words.add(upper ? keyword : keyword.toLowerCase(Locale.ROOT)));
    addNames("SELECT DISTINCT table_name FROM information_schema.tables", words);
    addNames("SELECT DISTINCT column_name FROM information_schema.columns", words);
    words.forEach(word -> candidates.add(new Candidate(word)));
    SqlWords.FUNCTIONS.forEach(
        name ->
            candidates.add(new Candidate(name + "(", name + "()", null, null, null, null, false)));
  }

  private void addNames(String sql, Set<String> words) {
    if (state.session().status() == dev.varve.Session.Status.FAILED) {
      return;
    }
    try (Rows rows = state.session().query(sql)) {
      for (Row row : rows) {
        words.add(String.valueOf(row.getString(0)));
      }
    } catch (VarveException unavailable) {
      words.remove("");
    }
  }

  /** Takes lines until a statement is complete. */
  private static final class StatementParser extends DefaultParser {
    StatementParser() {
      setQuoteChars(new char[0]);
      setEscapeChars(new char[0]);
    }

    @Override
    public ParsedLine parse(String line, int cursor, Parser.ParseContext context) {
      boolean complete =
          line.isBlank()
              || line.startsWith("\\")
              || StatementSplitter.end(line) >= 0 && StatementSplitter.isBlank(rest(line));
      if (context == Parser.ParseContext.ACCEPT_LINE && !complete) {
        throw new EOFError(-1, cursor, "the statement is not complete");
      }
      return super.parse(line, cursor, context);
    }

    private static String rest(String line) {
      String rest = line;
      for (int end; (end = StatementSplitter.end(rest)) >= 0; ) {
        rest = rest.substring(end);
      }
      return rest;
    }
  }

  private static final class SqlHighlighter implements Highlighter {
    @Override
    public AttributedString highlight(LineReader reader, String buffer) {
      AttributedStringBuilder text = new AttributedStringBuilder();
      Matcher matcher = TOKEN.matcher(buffer);
      int at = 0;
      while (matcher.find()) {
        text.append(buffer, at, matcher.start());
        text.styled(style(matcher.group()), matcher.group());
        at = matcher.end();
      }
      return text.append(buffer, at, buffer.length()).toAttributedString();
    }

    private static AttributedStyle style(String token) {
      if (token.startsWith("'")) {
        return AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);
      }
      if (token.startsWith("--")) {
        return AttributedStyle.DEFAULT.faint();
      }
      if (Character.isDigit(token.charAt(0))) {
        return AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);
      }
      return KEYWORD_WORDS.contains(token.toUpperCase(Locale.ROOT))
          ? AttributedStyle.BOLD
          : AttributedStyle.DEFAULT;
    }

    @Override
    public void setErrorPattern(Pattern pattern) {}

    @Override
    public void setErrorIndex(int index) {}
  }
}
