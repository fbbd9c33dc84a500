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
 * <p>This package depends on nothing but the JDK. It lies at the bottom, so that one package holds all
 * that users import; what it opens lies at the top and is found through {@link
 * dev.varve.DatabaseProvider}.
 */
@NullMarked
package dev.varve;

import org.jspecify.annotations.NullMarked;
