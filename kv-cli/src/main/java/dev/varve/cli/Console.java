// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli;

import dev.varve.Progress;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;

/** Where a command reads and writes, and whether a person looks on. */
public final class Console {
  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final boolean terminal;

  /** A console over streams. */
  public Console(InputStream in, PrintStream out, PrintStream err, boolean terminal) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.terminal = terminal;
  }

  /** The process's own streams, in UTF-8. */
  static Console system() {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    System.setOut(out);
    return new Console(System.in, out, System.err, isSystemTerminal());
  }

  /** What the user types or pipes in. */
  public InputStream in() {
    return in;
  }

  /** Where results go. */
  public PrintStream out() {
    return out;
  }

  /** Where errors and progress go. */
  public PrintStream err() {
    return err;
  }

  /** Whether a person looks on. */
  public boolean isTerminal() {
    return terminal;
  }

  /** A progress bar on a terminal, nothing in a pipe. */
  public Progress progress(String what) {
    return terminal ? new ProgressBar(what, err) : Progress.NONE;
  }

  /** Since Java 22 there is a console also in a pipe, which then says that it is no terminal. */
  private static boolean isSystemTerminal() {
    java.io.Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      MethodHandle isTerminal =
          MethodHandles.publicLookup()
              .findVirtual(
                  java.io.Console.class, "isTerminal", MethodType.methodType(boolean.class));
      return (boolean) isTerminal.invoke(console);
    } catch (NoSuchMethodException before22) {
      return true;
    } catch (Throwable failure) {
      return false;
    }
  }
}
