// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli;

import dev.varve.ErrorCode;
import dev.varve.VarveException;
import dev.varve.cli.command.Verbs;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/**
 * The command line's entry: finds the verb, parses its options, turns failures into one line on
 * stderr and an exit code: 0 done, 1 the data or the request is at fault, 2 usage.
 */
public final class Varve {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  private Varve() {}

  /** Runs the verb that {@code args} names and exits with its code. */
  public static void main(String[] args) {
    int status = run(args, Console.system());
    System.out.flush();
    System.exit(status);
  }

  /** Runs the verb that {@code args} names; returns the exit code. */
  public static int run(String[] args, Console console) {
    List<String> words = Arrays.asList(args);
    boolean debug = words.contains("--debug");
    List<String> rest = words.stream().filter(word -> !word.equals("--debug")).toList();
    if (rest.isEmpty() || rest.get(0).matches("-h|--help|help")) {
      return help(rest, console);
    }
    Command command = Verbs.find(rest.get(0));
    if (command == null) {
      return unknown(
          "'" + rest.get(0) + "' is not a verb", rest.get(0), Verbs.names(), "varve help", console);
    }
    try {
      return execute(command, rest.subList(1, rest.size()), console);
    } catch (VarveException failure) {
      console.err().println("varve: " + failure.getMessage() + reason(failure));
      print(failure, debug, console.err());
      return FAILED;
    } catch (RuntimeException | Error failure) {
      console.err().println("varve: " + failure);
      print(failure, debug, console.err());
      return FAILED;
    }
  }

  /** What the operating system said, where that is the cause and the message lacks it. */
  private static String reason(VarveException failure) {
    if (!(failure.getCause() instanceof java.io.IOException cause)) {
      return "";
    }
    String said =
        cause instanceof AccessDeniedException
            ? "access is denied to " + cause.getMessage()
            : cause instanceof NoSuchFileException
                ? "there is no " + cause.getMessage()
                : String.valueOf(cause.getMessage());
    return failure.getMessage().contains(said) ? "" : " Cause: " + said;
  }

  private static int execute(Command command, List<String> args, Console console) {
    Options options = command.options();
    options.addOption("h", "help", false, "show this help");
    CommandLine line;
    try {
      line = new DefaultParser().parse(options, args.toArray(String[]::new));
    } catch (UnrecognizedOptionException wrong) {
      List<String> known =
          options.getOptions().stream()
              .map(option -> option.getLongOpt() == null ? option.getOpt() : option.getLongOpt())
              .map(name -> name.length() == 1 ? "-" + name : "--" + name)
              .toList();
      return unknown(
          "'" + wrong.getOption() + "' is not an option of " + command.name(),
          wrong.getOption(),
          known,
          "varve help " + command.name(),
          console);
    } catch (ParseException wrong) {
      return usage(wrong.getMessage(), command, console);
    }
    if (line.hasOption("help")) {
      Help.print(command, console.out());
      return DONE;
    }
    try {
      return command.run(line, console);
    } catch (UsageException wrong) {
      return usage(wrong.getMessage(), command, console);
    } catch (java.io.IOException failure) {
      throw ErrorCode.IO
          .error(
              failure instanceof NoSuchFileException
                  ? "There is no such file or directory."
                  : failure instanceof AccessDeniedException
                      ? "Access is denied."
                      : "A file could not be read or written.")
          .fact("reason", failure.getMessage())
          .cause(failure)
          .build();
    }
  }

  private static int help(List<String> words, Console console) {
    if (words.size() < 2) {
      Help.printAll(Verbs.all(), console.out());
      return words.isEmpty() ? USAGE : DONE;
    }
    Command command = Verbs.find(words.get(1));
    if (command == null) {
      return unknown(
          "'" + words.get(1) + "' is not a verb",
          words.get(1),
          Verbs.names(),
          "varve help",
          console);
    }
    Help.print(command, console.out());
    return DONE;
  }

  private static int usage(String message, Command command, Console console) {
    console
        .err()
        .println(
            "varve: " + message + " Usage: " + command.synopsis().lines().findFirst().orElse(""));
    return USAGE;
  }

  private static int unknown(
      String message, String word, List<String> known, String where, Console console) {
    String nearest = Nearest.of(word, known);
    console
        .err()
        .println(
            "varve: "
                + message
                + (nearest == null ? "" : "; did you mean '" + nearest + "'?")
                + " See '"
                + where
                + "'.");
    return USAGE;
  }

  private static void print(Throwable failure, boolean debug, PrintStream err) {
    if (debug) {
      failure.printStackTrace(err);
    }
  }
}
