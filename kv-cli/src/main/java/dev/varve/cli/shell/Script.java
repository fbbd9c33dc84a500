// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.shell;

import dev.varve.VarveException;
import dev.varve.cli.UsageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;

/** Runs statements from a file, a pipe or the command line; stops at the first that fails. */
public final class Script {
  private Script() {}

  /** Runs everything in {@code reader}; returns the exit code. */
  public static int run(Reader reader, ShellState state) throws IOException {
    BufferedReader lines = new BufferedReader(reader);
    StringBuilder pending = new StringBuilder();
    long lineNumber = 0;
    long beginsAt = 1;
    String line;
    while ((line = lines.readLine()) != null && !state.isQuitting()) {
      lineNumber++;
      if (StatementSplitter.isBlank(pending)) {
        pending.setLength(0);
        beginsAt = lineNumber;
        if (line.startsWith("\\")) {
          if (!runOne(line, lineNumber, state)) {
            return 1;
          }
          continue;
        }
      }
      pending.append(line).append('\n');
      for (int end; (end = StatementSplitter.end(pending)) >= 0; pending.delete(0, end)) {
        if (!runOne(pending.substring(0, end), beginsAt, state)) {
          return 1;
        }
        beginsAt = lineNumber;
      }
    }
    boolean done = StatementSplitter.isBlank(pending);
    return done || runOne(pending.toString(), beginsAt, state) ? 0 : 1;
  }

  private static boolean runOne(String statement, long line, ShellState state) throws IOException {
    try {
      if (statement.startsWith("\\")) {
        state.backslash(statement);
      } else {
        state.execute(statement.strip());
      }
      return true;
    } catch (VarveException | UsageException failure) {
      state.console().err().println("varve: line " + line + ": " + failure.getMessage());
      return false;
    }
  }
}
