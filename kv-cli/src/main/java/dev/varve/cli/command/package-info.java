// SPDX-License-Identifier: Apache-2.0
/** The verbs, one class each. {@link dev.varve.cli.command.Verbs} lists them. */
@NullMarked
package dev.varve.cli.command;

import org.jspecify.annotations.NullMarked;
