// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli;

import java.io.IOException;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** A verb. */
public interface Command {
  /** What the user types. */
  String name();

  /** What it does, in one line. */
  String summary();

  /** How it is called; one line a form. */
  String synopsis();

  /** Lines a user would type, with a word on what they do. */
  List<String> examples();

  /** Its options; a fresh object at each call. */
  default Options options() {
    return new Options();
  }

  /** Does it; returns the exit code. */
  int run(CommandLine line, Console console) throws IOException;
}
