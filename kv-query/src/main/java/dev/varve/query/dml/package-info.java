// SPDX-License-Identifier: Apache-2.0
/**
 * INSERT, UPDATE, DELETE and TRUNCATE: rows from a query plan become changed rows, index entries and
 * the consequences of foreign keys.
 *
 * <p>Read in this order: {@link dev.varve.query.dml.StatementContext}, {@link
 * dev.varve.query.dml.DataPlanner}, {@code InsertPlan}, {@code UpdatePlan}, {@code DeletePlan}, {@code
 * RowChecks}, {@link dev.varve.query.dml.TableWriter}, {@code IndexWriter}, {@code ForeignKeys}.
 *
 * <p>Depends on the planner for the rows that a statement starts from and for the expressions of
 * defaults, checks and indexes.
 */
@NullMarked
package dev.varve.query.dml;

import org.jspecify.annotations.NullMarked;
