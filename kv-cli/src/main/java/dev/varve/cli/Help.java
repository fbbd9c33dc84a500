// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli;

import java.io.PrintStream;
import java.util.List;
import org.apache.commons.cli.Option;

/** Prints help. */
final class Help {
  private static final int COLUMN = 28;

  private Help() {}

  static void printAll(List<Command> commands, PrintStream out) {
    out.println("varve: an embedded database for Java, from the command line");
    out.println();
    out.println("usage: varve VERB [OPTIONS] ...        varve help VERB");
    out.println();
    for (Command command : commands) {
      out.printf("  %-12s %s%n", command.name(), command.summary());
    }
    out.println();
    out.println("With --debug, a failure shows where it happened.");
    out.println("Exit codes: 0 done, 1 the data or the request is at fault, 2 usage.");
  }

  static void print(Command command, PrintStream out) {
    out.println(command.summary());
    out.println();
    command.synopsis().lines().forEach(line -> out.println("  " + line));
    List<Option> options = List.copyOf(command.options().getOptions());
    if (!options.isEmpty()) {
      out.println();
      for (Option option : options) {
        String name =
            (option.getOpt() == null ? "    " : "-" + option.getOpt() + ", ")
                + (option.getLongOpt() == null ? "" : "--" + option.getLongOpt())
                + (option.hasArg()
                    ? " " + (option.getArgName() == null ? "X" : option.getArgName())
                    : "");
        out.printf("  %-" + COLUMN + "s %s%n", name, option.getDescription());
      }
    }
    if (!command.examples().isEmpty()) {
      out.println();
      out.println("examples:");
      command.examples().forEach(example -> out.println("  " + example));
    }
  }
}
