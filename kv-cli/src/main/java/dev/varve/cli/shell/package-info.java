// SPDX-License-Identifier: Apache-2.0
/**
 * The SQL shell: {@link dev.varve.cli.shell.ShellState} runs statements and backslash commands, {@link
 * dev.varve.cli.shell.Script} feeds it from a file or pipe, {@link
 * dev.varve.cli.shell.InteractiveShell} from a terminal.
 */
@NullMarked
package dev.varve.cli.shell;

import org.jspecify.annotations.NullMarked;
