// SPDX-License-Identifier: Apache-2.0
/**
 * The public API: everything a program that embeds Varve imports.
 *
 * <p>Reading order: {@link dev.varve.Database} opens everything; {@link dev.varve.KeyValues} reads
 * and writes; {@link dev.varve.Transaction} and {@link dev.varve.Snapshot} give isolation; {@link
 * dev.varve.Index} finds by value; {@link dev.varve.Rows} and {@link dev.varve.Statement} speak SQL;
 * {@link dev.varve.Backup} copies and restores. Every failure is a {@link
 * dev.varve.VarveException}.
 *
 * <p>This package depends on nothing but the JDK and, to find its implementation, {@code
 * dev.varve.core.spi}.
 */
@NullMarked
package dev.varve;

import org.jspecify.annotations.NullMarked;
