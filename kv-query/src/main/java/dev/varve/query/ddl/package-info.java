// SPDX-License-Identifier: Apache-2.0
/**
 * CREATE, ALTER, DROP: statements that turn one catalog into the next, and the rows that have to be
 * written anew for it.
 *
 * <p>Read {@link dev.varve.query.ddl.DefinitionExecutor} first; then the class of the statement: {@code
 * TableCreation}, {@code ConstraintCreation}, {@code IndexCreation}, {@code ViewCreation}, {@code
 * SequenceCreation}, {@code TableAlteration} with {@code TableRewrite}, {@code Renaming}, {@code
 * Dropping}. They share a {@code DefinitionContext}.
 *
 * <p>Whoever changes a definition holds the relation's lock exclusively; whoever changes its rows holds
 * it shared. Depends on {@code dml} for writing rows.
 */
@NullMarked
package dev.varve.query.ddl;

import org.jspecify.annotations.NullMarked;
