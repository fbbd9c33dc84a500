// SPDX-License-Identifier: Apache-2.0
package dev.varve.cli.command;

import dev.varve.cli.Command;
import dev.varve.cli.Console;
import dev.varve.cli.UsageException;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** {@code varve completion}: prints a script for the user's shell, made from the verbs themselves. */
final class CompletionCommand implements Command {
  @Override
  public String name() {
    return "completion";
  }

  @Override
  public String summary() {
    return "print the completion script for bash or zsh";
  }

  @Override
  public String synopsis() {
    return "varve completion bash|zsh";
  }

  @Override
  public List<String> examples() {
    return List.of("source <(varve completion bash)");
  }

  @Override
  public int run(CommandLine line, Console console) {
    String shell = Arguments.words(line, 1, 1).get(0);
    if (!shell.equals("bash") && !shell.equals("zsh")) {
      throw new UsageException("'" + shell + "' is no shell known here.");
    }
    if (shell.equals("zsh")) {
      console.out().println("autoload -U +X bashcompinit && bashcompinit");
    }
    console.out().println("_varve() {");
    console.out().println("  local word=${COMP_WORDS[COMP_CWORD]}");
    console.out().println("  if [ \"$COMP_CWORD\" = 1 ]; then");
    console
        .out()
        .println(
            "    COMPREPLY=($(compgen -W \""
                + String.join(" ", Verbs.names())
                + "\" -- \"$word\"))");
    console.out().println("    return");
    console.out().println("  fi");
    console.out().println("  local options=");
    console.out().println("  case ${COMP_WORDS[1]} in");
    for (Command command : Verbs.all()) {
      String options =
          command.options().getOptions().stream()
              .map(Option::getLongOpt)
              .map(name -> "--" + name)
              .collect(Collectors.joining(" "));
      console.out().println("    " + command.name() + ") options=\"" + options + "\" ;;");
    }
    console.out().println("  esac");
    console.out().println("  case $word in");
    console.out().println("    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;");
    console.out().println("    *) COMPREPLY=($(compgen -f -- \"$word\")) ;;");
    console.out().println("  esac");
    console.out().println("}");
    console.out().println("complete -o filenames -F _varve varve");
    return 0;
  }
}
