// SPDX-License-Identifier: Apache-2.0
/**
 * The {@code varve} command. Reading order: {@link dev.varve.cli.Varve} (main), {@link
 * dev.varve.cli.Command} and {@code command} (the verbs), {@code shell} (the interactive shell),
 * {@code table} (results as text).
 */
@NullMarked
package dev.varve.cli;

import org.jspecify.annotations.NullMarked;
